// An authority that exists already, made with OpenSSL, goes on in the portal.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { card, give, offlineConfig } from '../support/authorities';
import { expect, refused, test } from '../support/own-portal';
import { formError, told, unfold, visit } from '../support/page';
import { obtain, takeApart } from '../support/pfx';
import { status } from '../support/revocation';
import { ran } from '../support/tools';

test('an authority of OpenSSL is taken over with its key', async ({ portal, as, expected }, info) => {
  expected.push(refused);
  const folder = info.outputPath('elsewhere');
  await mkdir(folder);
  const openssl = (...args: string[]) => ran('openssl', args, folder);
  await writeFile(`${folder}/ca.cnf`, offlineConfig);
  await writeFile(`${folder}/index.txt`, '');
  const p384 = ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'];
  const config = ['-config', 'ca.cnf'];
  await openssl(...p384, '-out', 'root.key');
  const root = ['-extensions', 'root', '-key', 'root.key', '-subj', '/C=DE/O=Else/CN=Else-Root', '-days', '7000'];
  await openssl('req', '-new', '-x509', ...config, ...root, '-out', 'root.pem');
  await openssl(...p384, '-aes256', '-pass', 'pass:sealed there', '-out', 'mail.key');
  const request = ['-key', 'mail.key', '-passin', 'pass:sealed there', '-subj', '/C=DE/O=Else/CN=Else-Mail'];
  await openssl('req', '-new', ...config, ...request, '-out', 'mail.csr');
  const sign = ['-batch', ...config, '-keyfile', 'root.key', '-cert', 'root.pem', '-extensions', 'issuing'];
  await openssl('ca', ...sign, '-in', 'mail.csr', '-notext', '-out', 'mail.pem');
  const files = ['mail.key', 'mail.pem', 'root.pem'].map((name) => readFile(`${folder}/${name}`, 'utf8'));
  const material = (await Promise.all(files)).join('');

  const admin = await as('carol');
  await visit(admin, '/admin/authorities');
  const form = await unfold(admin, 'Take over an existing authority');
  const bring = async (password: string) => {
    await give(form, 'Key and certificates up to the root', material);
    await form.getByLabel('Its password').fill(password);
    await form.getByRole('button', { name: 'Take it over' }).click();
  };
  await bring('mistyped');
  await expect(formError(form)).toBeVisible();
  await expect(form.locator('.field-error').filter({ hasText: 'It cannot be taken over' })).toBeVisible();
  expect(await admin.content()).not.toContain('PRIVATE KEY');
  await expect(card(admin, 'Else-Mail')).toHaveCount(0);
  await bring('sealed there');
  await expect(told(admin)).toContainText('Else-Mail is taken over and signs new certificates from now on.');
  await expect(card(admin, 'Else-Mail')).toContainText('here, sealed');
  await expect(card(admin, 'Else-Root')).toContainText('elsewhere');

  const pfx = await obtain(await as('alice'), 'Thunderbird', info.outputPath('alice'));
  await takeApart(pfx);
  expect(await ran('openssl', ['x509', '-in', 'leaf.pem', '-noout', '-issuer'], pfx.folder)).toContain('Else-Mail');
  const verify = ['verify', '-purpose', 'smimesign', '-CAfile', `${folder}/root.pem`, '-untrusted', 'issuer.pem'];
  expect(await ran('openssl', [...verify, 'leaf.pem'], pfx.folder)).toContain('leaf.pem: OK');
  expect(await status(pfx.folder, portal.pki)).toBe('good');
});
