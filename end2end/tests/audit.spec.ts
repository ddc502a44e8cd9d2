// The auditor: who did what, and whether the log can be trusted.
import { request, visit } from '../support/page';
import { person } from '../support/people';
import { expect, test } from '../support/test';

test('the log is filtered by address, kind and day', async ({ add, open }) => {
  const who = await add();
  await request(await open(who), 'Secure mail', 'For the log.');
  const page = await open(person('dave'));
  await visit(page, '/audit');
  const rows = page.getByRole('row').filter({ has: page.getByRole('rowheader') });
  await page.getByLabel('Who').fill(who.mailbox);
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page).toHaveURL(/actor=nora/);
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText('Requested a certificate');
  await expect(rows.last()).toContainText('Signed in');

  await page.getByLabel('What').selectOption({ label: 'Requested a certificate' });
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(rows).toHaveCount(1);
  await rows.first().getByText('Details').click();
  await expect(rows.first()).toContainText('Secure mail');

  await page.getByLabel('Until').fill('2020-01-01');
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page.getByText('No entry fits')).toBeVisible();
  await page.getByRole('link', { name: 'Show everything' }).click();
  await expect(page).toHaveURL(/\/audit$/);
  await expect(rows.first()).toBeVisible();
});

test('the chain is verified, again and again', async ({ open }) => {
  const page = await open(person('dave'));
  await visit(page, '/audit');
  await page.getByRole('link', { name: 'Verify the chain' }).click();
  await expect(page.getByRole('heading', { name: 'The chain is intact' })).toBeVisible();
  const checked = async () => {
    const text = await page.getByText(/entr(y|ies) checked/).innerText();
    return parseInt(text, 10);
  };
  const before = await checked();
  expect(before).toBeGreaterThan(5);
  await open(person('dave'));
  await page.getByRole('link', { name: 'Verify again' }).click();
  await expect.poll(checked).toBe(before + 1);
});
