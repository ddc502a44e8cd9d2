// Long after the end of a certificate its key and password may be deleted, and no sooner.
import { fold, told, unfold, visit } from '../support/page';
import { expect, test } from '../support/aged-portal';
import { ran } from '../support/tools';
import { takeApart } from '../support/pfx';

test('key and password go when nobody has to keep them any more', async ({ aged, as, who }) => {
  const erin = who('erin');
  const hers = await as('erin');
  await visit(hers, '/');
  await hers.getByRole('link', { name: 'Open old mail with it' }).click();
  await expect(hers.getByRole('button', { name: 'Show my password' })).toBeVisible();

  const admin = await as('carol');
  await visit(admin, `/certificates?search=${erin.mailbox}`);
  await admin.getByRole('link', { name: erin.mailbox }).click();
  await expect(admin.locator('.certificate-head')).toContainText('Ended');
  const form = await unfold(admin, 'Delete key and password');
  await expect(form).toContainText('It cannot be undone');
  await form.getByRole('button', { name: 'Delete key and password' }).click();
  await expect(told(admin)).toContainText('Key, password and PFX are deleted.');
  await expect(fold(admin, 'Delete key and password')).toHaveCount(0);

  // Its owner has the certificate still, and nothing that is gone is offered.
  await visit(hers, hers.url());
  await expect(hers.getByText('were deleted long after the end')).toBeVisible();
  await expect(hers.getByRole('button', { name: 'Show my password' })).toHaveCount(0);
  await expect(hers.getByRole('button', { name: 'Download certificate' })).toHaveCount(0);
  const link = hers.getByRole('link', { name: 'As text for servers (PEM)' }).first();
  const file = hers.waitForEvent('download');
  await link.click();
  const before = aged.first('erin');
  await takeApart(before);
  await (await file).saveAs(`${before.folder}/kept.pem`);
  const serial = (name: string) => ran('openssl', ['x509', '-in', name, '-noout', '-serial'], before.folder);
  expect(await serial('kept.pem')).toBe(await serial('leaf.pem'));
  await visit(hers, '/');
  await expect(fold(hers, 'Open my old mail')).toHaveCount(0);
});

test('what has not ended, or not long ago, is left as it is', async ({ as, who }) => {
  const admin = await as('carol');
  await visit(admin, `/certificates?search=${who('dave').mailbox}`);
  await admin.getByRole('link', { name: who('dave').mailbox }).first().click();
  await expect(admin.getByText('More', { exact: true })).toBeVisible();
  await expect(fold(admin, 'Delete key and password')).toHaveCount(0);

  // Many at once: what could be deleted is counted, what could not is told.
  await visit(admin, '/certificates?search=example.com&state=expired');
  await admin.getByLabel('Change', { exact: true }).selectOption('Delete key and password');
  await admin.getByLabel('Which').selectOption('everything that is found');
  await admin.getByRole('button', { name: 'Continue' }).click();
  await expect(admin.getByText(/^This deletes key and password of \d certificates? of/)).toBeVisible();
  await admin.getByRole('link', { name: 'Back, change nothing' }).click();
  await visit(admin, `/certificates?search=${who('dave').mailbox}`);
  await admin.getByRole('checkbox').first().check();
  await admin.getByLabel('Change', { exact: true }).selectOption('Delete key and password');
  await admin.getByRole('button', { name: 'Continue' }).click();
  await expect(admin.getByText('This changes nothing.')).toBeVisible();
  await expect(admin.getByRole('button', { name: 'Delete key and password' })).toHaveCount(0);
});
