// Where names come from: all addresses of a person, no common name, and what a device is called.
import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { choose, fold, issue, told, toCertificate, unfold, visit } from '../support/page';
import { person, type Person } from '../support/people';
import { fetched, intoNss, takeApart } from '../support/pfx';
import { fillTemplate, unusedName } from '../support/templates';
import { expect, test } from '../support/test';
import { ran } from '../support/tools';

/** Opens the page of a person. */
async function personPage(admin: Page, who: Person): Promise<void> {
  await visit(admin, `/people?search=${who.mailbox}`);
  await admin.getByRole('link', { name: who.name }).click();
  await expect(admin.getByRole('heading', { name: who.name })).toBeVisible();
}

test('one certificate is for all addresses of a person, without a common name', async ({ add, open }, info) => {
  const admin = await open(person('carol'));
  const who = await add();
  const team = `team.${randomBytes(4).toString('hex')}@example.com`;
  await personPage(admin, who);
  await admin.getByLabel('Another mail address').fill(team);
  await admin.getByRole('button', { name: 'Record the address' }).click();
  await expect(told(admin)).toContainText(`${who.name} can have certificates for ${team}`);
  await expect(admin.getByRole('listitem').filter({ hasText: team })).toBeVisible();

  const name = unusedName('Mail for everything');
  await visit(admin, '/admin/templates/new');
  const preview = admin.locator('#preview');
  await fillTemplate(admin, name, '60');
  await admin.getByLabel('Addresses').selectOption('all of the person');
  await admin.getByLabel('Common name').selectOption('none');
  await expect(preview).toContainText('alice@example.com, alice.example@example.com');
  await expect(preview).toContainText('empty');
  await admin.getByRole('button', { name: 'Add the template' }).click();
  await expect(told(admin)).toContainText('is added and offered from now on');

  const hers = await open(who);
  await issue(hers, name);
  await expect(hers.locator('.certificate-head')).toContainText(team);
  const pfx = await fetched(hers, 'Thunderbird', info.outputPath('pfx'));
  await takeApart(pfx);
  const text = await ran('openssl', ['x509', '-in', 'leaf.pem', '-noout', '-subject', '-email', '-ext', 'subjectAltName'], pfx.folder);
  expect(text).toContain('X509v3 Subject Alternative Name: critical');
  expect(text.split('\n').filter((line) => line.includes('@') && !line.includes('email:'))).toEqual([who.mailbox, team]);
  expect(text).toMatch(/^subject=\s*$/m);
  // Firefox and Thunderbird keep it too.
  const database = await intoNss(pfx);
  expect(await ran('certutil', ['-L', '-d', database], pfx.folder)).toMatch(/u,u,u/);

  await personPage(admin, who);
  const removal = await unfold(admin, `Remove ${team}`);
  await expect(removal).toContainText('One that is valid stays as it is');
  await removal.getByRole('button', { name: 'Remove the address' }).click();
  await expect(told(admin)).toContainText(`No new certificate is for ${team}`);
  await expect(fold(admin, `Remove ${team}`)).toHaveCount(0);
});

test('a device is called as its requester says, and needs no host name', async ({ open }, info) => {
  const admin = await open(person('carol'));
  const name = unusedName('Printers');
  await visit(admin, '/admin/templates/new');
  await fillTemplate(admin, name, '60');
  await admin.getByLabel('Kind').selectOption('Device');
  await admin.getByLabel('Common name').selectOption('what the device is called');
  await expect(admin.locator('#preview')).toContainText('CN=Device 7');
  await admin.getByRole('button', { name: 'Add the template' }).click();
  await expect(told(admin)).toContainText('is added and offered from now on');

  await visit(admin, '/request');
  const device = admin.getByLabel('What the device is called');
  await expect(device).toBeHidden();
  await choose(admin, name);
  const called = `Printer on floor ${randomBytes(4).toString('hex')}`;
  await device.fill(called);
  await admin.getByRole('button', { name: 'Request the certificate' }).click();
  await toCertificate(admin);
  await expect(admin.locator('.certificate-head')).toContainText(called);
  const pfx = await fetched(admin, 'Thunderbird', info.outputPath('pfx'));
  await takeApart(pfx);
  const subject = await ran('openssl', ['x509', '-in', 'leaf.pem', '-noout', '-subject'], pfx.folder);
  expect(subject.trim()).toBe(`subject=CN = ${called}`);
  await visit(admin, `/certificates?search=${encodeURIComponent(called.split(' ').at(-1) ?? '')}`);
  await expect(admin.getByRole('row').filter({ hasText: called })).toBeVisible();
});
