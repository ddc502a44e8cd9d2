// Administrators request for others, copy and deliver; the password stays its owner's alone.
import type { Page } from '@playwright/test';
import { writeFile } from 'node:fs/promises';
import { arrived, attachment, mailsTo } from '../support/mail-sink';
import { atOnce, choose, told, unfold, visit } from '../support/page';
import { person, type Person } from '../support/people';
import { fetched, obtain, opens, takeApart, thumbprint } from '../support/pfx';
import { expect, test } from '../support/test';
import { ran } from '../support/tools';

/** From the list of certificates to the only one of this person. */
async function toCertificateOf(admin: Page, who: Person): Promise<void> {
  await visit(admin, `/certificates?search=${who.mailbox}`);
  await admin.getByRole('link', { name: who.mailbox }).click();
  await expect(admin.getByText('Only its owner can show the password')).toBeVisible();
}

test('what an administrator requests for somebody is that person’s', async ({ add, open }, info) => {
  const who = await add();
  const admin = await open(person('carol'));
  await visit(admin, `/people?search=${who.mailbox}`);
  await admin.getByRole('link', { name: who.name }).click();
  await admin.getByRole('link', { name: 'Request a certificate for them' }).click();
  await expect(admin.locator('.field').filter({ hasText: 'For' }).first()).toContainText(who.name);
  await choose(admin, atOnce);
  await admin.getByRole('button', { name: 'Request the certificate' }).click();
  await admin.waitForURL(/\/requests\//);
  await expect(admin.getByRole('heading', { name: `${who.name} for ${who.mailbox}` })).toBeVisible();
  await admin.getByRole('link', { name: 'Show the certificate' }).click();
  await expect(admin.getByText('Only its owner can show the password')).toBeVisible();
  await expect(admin.getByRole('button', { name: 'Show my password' })).toHaveCount(0);
  await expect(admin.getByRole('button', { name: 'Download certificate' })).toHaveCount(0);

  const hers = await open(who);
  await arrived(who.mailbox, 'Your certificate is ready');
  await hers.getByRole('link', { name: 'Put it on a device' }).click();
  await expect(hers.getByRole('heading', { level: 1 })).toHaveText('Certificate');
  const pfx = await fetched(hers, 'Thunderbird', info.outputPath());
  await takeApart(pfx);
  const text = await ran('openssl', ['x509', '-in', 'leaf.pem', '-noout', '-email'], pfx.folder);
  expect(text).toContain(who.mailbox);
});

test('another one like it is another certificate for the same address', async ({ add, open }, info) => {
  const who = await add();
  const hers = await open(who);
  await takeApart(await obtain(hers, 'Thunderbird', info.outputPath('first')));
  const admin = await open(person('carol'));
  await toCertificateOf(admin, who);
  await admin.getByRole('link', { name: 'Request another one like it' }).click();
  await expect(admin.getByRole('radio', { name: atOnce })).toBeChecked();
  await admin.getByRole('button', { name: 'Request the certificate' }).click();
  await admin.waitForURL(/\/requests\//);
  await admin.getByRole('link', { name: 'Show the certificate' }).click();
  await expect(admin.getByRole('heading', { level: 1 })).toHaveText('Certificate');

  await visit(hers, new URL(admin.url()).pathname);
  await takeApart(await fetched(hers, 'Thunderbird', info.outputPath('second')));
  const [first, second] = [info.outputPath('first'), info.outputPath('second')];
  const read = (what: string, folder: string) =>
    ran('openssl', ['x509', '-in', 'leaf.pem', '-noout', what], folder);
  expect(await thumbprint(second)).not.toBe(await thumbprint(first));
  expect(await read('-subject', second)).toBe(await read('-subject', first));
  expect(await read('-pubkey', second)).not.toBe(await read('-pubkey', first));
});

test('delivered again by mail, it opens with what only its owner sees', async ({ add, open }, info) => {
  const folder = info.outputPath();
  const who = await add();
  const hers = await open(who);
  const pfx = await obtain(hers, 'Thunderbird', folder);
  const admin = await open(person('carol'));
  await toCertificateOf(admin, who);
  const deliver = await unfold(admin, 'Deliver again');
  await deliver.getByLabel('What is sent').selectOption('The PFX, sealed by its password');
  await deliver.getByRole('button', { name: 'Deliver again' }).click();
  await expect(told(admin)).toHaveText(`${who.name} gets a mail with it.`);

  const mail = await arrived(who.mailbox, /Subject: .*once more/);
  await writeFile(`${folder}/mailed.p12`, attachment(mail, 'application/x-pkcs12'));
  expect(await opens(folder, 'mailed.p12', pfx.password)).toBe(true);
  expect(await opens(folder, 'mailed.p12', '')).toBe(false);
  for (const mailbox of [who.mailbox, person('carol').mailbox]) {
    const sent = (await mailsTo(mailbox)).map((one) => one.source).join();
    expect(sent).not.toContain(pfx.password);
    expect(sent).not.toContain(Buffer.from(pfx.password).toString('base64').slice(0, -4));
  }
});
