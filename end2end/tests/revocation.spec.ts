// The end of a certificate: what people see, and what the list and the responder tell everybody else.
import type { Page } from '@playwright/test';
import { mailTo } from '../support/mail-sink';
import { visit } from '../support/page';
import { person } from '../support/people';
import { obtain, takeApart } from '../support/pfx';
import { status } from '../support/revocation';
import { expect, test } from '../support/test';

/** Unfolds a way to end the certificate, and gives its form. */
async function unfold(page: Page, verb: string) {
  await page.locator('summary', { hasText: verb }).click();
  return page.locator('details[open] form').filter({ has: page.getByRole('button', { name: verb }) });
}

test('an admin holds, re-activates and revokes a certificate', async ({ add, open }, info) => {
  const folder = info.outputPath();
  const who = await add();
  const hers = await open(who);
  await takeApart(await obtain(hers, 'Windows', folder));
  expect(await status(folder)).toBe('good');

  const admin = await open(person('carol'));
  await visit(admin, '/certificates');
  await admin.getByLabel('Search').fill(who.mailbox);
  await admin.getByRole('button', { name: 'Search' }).click();
  await expect(admin.getByText('1 certificate', { exact: true })).toBeVisible();
  await admin.getByRole('link', { name: who.mailbox }).click();
  const head = admin.locator('.certificate-head');
  await expect(head).toContainText('Valid');

  const hold = await unfold(admin, 'Hold');
  await hold.getByLabel('Comment').fill('We look for your laptop.');
  await hold.getByRole('button', { name: 'Hold' }).click();
  await expect(admin.getByText('The certificate is on hold.')).toBeVisible();
  await expect(head).toContainText('On hold since');
  expect(await status(folder)).toBe('revoked: Certificate Hold');
  await visit(hers, hers.url());
  await expect(hers.getByText('Do not sign until an administrator re-activates it.')).toBeVisible();
  await mailTo(who.mailbox, 'We look for your laptop.');

  const reactivate = await unfold(admin, 'Re-activate');
  await reactivate.getByRole('button', { name: 'Re-activate' }).click();
  await expect(admin.getByText('The certificate is valid again.')).toBeVisible();
  await expect(head).toContainText('Valid');
  expect(await status(folder)).toBe('good');

  const revoke = await unfold(admin, 'Revoke');
  await revoke.getByLabel('Reason').selectOption('cessationOfOperation');
  await revoke.getByLabel('Comment').fill('You leave us; all the best.');
  await revoke.getByRole('button', { name: 'Revoke' }).click();
  await expect(admin.getByText('The certificate is revoked.')).toBeVisible();
  await expect(head).toContainText('Revoked on');
  await expect(admin.locator('summary', { hasText: 'Revoke' })).toHaveCount(0);
  expect(await status(folder)).toBe('revoked: Cessation Of Operation');
  await mailTo(who.mailbox, 'You leave us; all the best.');

  // She keeps it, to read old mail.
  await visit(hers, hers.url());
  await expect(hers.getByText('It was revoked for good')).toBeVisible();
  await expect(hers.getByRole('button', { name: 'Download certificate' })).toBeVisible();
  await visit(admin, `/certificates?state=revoked&search=${who.mailbox}`);
  await expect(admin.getByText('1 certificate', { exact: true })).toBeVisible();
});

test('an employee reports a certificate lost', async ({ add, open }, info) => {
  const folder = info.outputPath();
  const page = await open(await add());
  await takeApart(await obtain(page, 'Windows', folder));
  const report = await unfold(page, 'Report lost');
  await report.getByLabel('What happened').selectOption({ label: 'A device, the file or the password is lost or stolen' });
  await report.getByRole('button', { name: 'Report lost' }).click();
  await expect(page.getByText('Your certificate is revoked. Request a new one now')).toBeVisible();
  await expect(page.locator('.certificate-head')).toContainText('Revoked on');
  await expect(page.locator('summary', { hasText: 'Report lost' })).toHaveCount(0);
  expect(await status(folder)).toBe('revoked: Key Compromise');
  await visit(page, '/');
  await expect(page.getByText('Revoked', { exact: true })).toBeVisible();
});
