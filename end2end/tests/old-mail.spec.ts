// After a renewal: one file with all keys, so that mail from before and after can be read.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { formError, toCertificate, unfold, visit } from '../support/page';
import { expect, refused, test } from '../support/aged-portal';
import { fetched, opens, takeApart } from '../support/pfx';
import { ran } from '../support/tools';

test('one file opens mail of before and after the renewal', async ({ aged, as, who, expected }, info) => {
  expected.push(refused);
  const bob = who('bob');
  const page = await as('bob');
  await visit(page, '/');
  await page.getByRole('button', { name: 'Renew', exact: true }).click();
  await toCertificate(page);
  const before = aged.first('bob');
  const next = await fetched(page, 'Thunderbird', info.outputPath('next'));
  await takeApart(before);
  await takeApart(next);

  await visit(page, '/');
  const form = (await unfold(page, 'Open my old mail')).locator('form');
  await expect(page.getByText('Get all your keys that open encrypted mail (2), old ones too')).toBeVisible();
  await form.getByRole('radio', { name: 'Thunderbird' }).check();
  await form.getByLabel('Your sign-in password').fill('not my password');
  await form.getByRole('button', { name: 'Download all keys' }).click();
  await expect(formError(page)).toBeVisible();
  await expect(form.getByText('This is not your sign-in password.')).toBeVisible();
  await form.getByRole('radio', { name: 'Thunderbird' }).check();
  await form.getByLabel('Your sign-in password').fill(bob.password);
  const file = page.waitForEvent('download');
  await form.getByRole('button', { name: 'Download all keys' }).click();
  const folder = info.outputPath();
  await (await file).saveAs(path.join(folder, 'all.p12'));
  expect((await file).suggestedFilename()).toMatch(/^bob@example\.com-old-mail-\d{8}\.p12$/);

  expect(await opens(folder, 'all.p12', next.password)).toBe(true);
  expect(await opens(folder, 'all.p12', before.password)).toBe(false);
  const read = (...more: string[]) =>
    ran('openssl', ['pkcs12', '-in', 'all.p12', '-passin', `pass:${next.password}`, ...more], folder);
  const certificates = blocks(await read('-clcerts', '-nokeys'), 'CERTIFICATE');
  expect(certificates).toHaveLength(2);
  const keys = blocks(await read('-nocerts', '-noenc'), 'PRIVATE KEY');
  expect(keys).toHaveLength(2);

  // Mail to the old and to the new certificate: some key in the file opens each.
  await writeFile(path.join(folder, 'letter'), 'As agreed.\n');
  for (const { folder: to } of [before, next]) {
    const encrypt = ['cms', '-encrypt', '-aes-256-cbc', '-in', 'letter', '-out', 'mail', path.join(to, 'leaf.pem')];
    await ran('openssl', encrypt, folder);
    const read: string[] = [];
    for (const key of keys) {
      await writeFile(path.join(folder, 'key.pem'), key);
      const args = ['cms', '-decrypt', '-in', 'mail', '-inkey', 'key.pem', '-recip', path.join(to, 'leaf.pem')];
      read.push(await ran('openssl', args, folder).catch(() => ''));
    }
    expect(read.filter((text) => text.includes('As agreed.'))).toHaveLength(1);
  }

  // NSS, which is Thunderbird's, takes both out of it in one go.
  const database = `sql:${folder}`;
  await ran('certutil', ['-N', '-d', database, '--empty-password'], folder);
  await ran('pk12util', ['-i', 'all.p12', '-d', database, '-W', next.password, '-K', ''], folder);
  const kept = await ran('certutil', ['-K', '-d', database], folder);
  expect(kept.match(/rsa/g)).toHaveLength(2);
});

function blocks(pem: string, what: string): string[] {
  return pem.match(new RegExp(`-----BEGIN ${what}-----[^]+?-----END ${what}-----\n`, 'g')) ?? [];
}
