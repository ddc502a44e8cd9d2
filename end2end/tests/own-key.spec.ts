// Who keeps the key brings a signing request, and gets a certificate without a password.
import { readFile } from 'node:fs/promises';
import { atOnce, choose, download, fieldError, toCertificate, unfold, visit } from '../support/page';
import { expect, refused, test } from '../support/test';
import { ran } from '../support/tools';

test('a signing request of OpenSSL becomes a certificate for its key', async ({ add, open }, info) => {
  const folder = info.outputPath();
  const who = await add();
  const page = await open(who);
  const made = ['req', '-new', '-newkey', 'rsa:3072', '-noenc', '-keyout', 'key.pem', '-out', 'own.csr'];
  await ran('openssl', [...made, '-subj', '/', '-addext', `subjectAltName=email:${who.mailbox}`], folder);
  await visit(page, '/request');
  await choose(page, atOnce);
  await unfold(page, 'Advanced');
  await page.getByLabel('I bring my own signing request').fill(await readFile(`${folder}/own.csr`, 'utf8'));
  await page.getByRole('button', { name: 'Request the certificate' }).click();
  await page.waitForURL(/\/requests\//);
  await toCertificate(page);

  await expect(page.getByText('never was in the portal')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Show my password' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Download certificate' })).toHaveCount(0);
  await download(page, page.getByRole('link', { name: 'As text for servers (PEM)' }), `${folder}/own.pem`);
  await download(page, page.getByRole('link', { name: 'Binary (DER)' }), `${folder}/own.der`);
  await download(page, page.getByRole('link', { name: 'With its authorities (P7B)' }), `${folder}/own.p7b`);

  const openssl = (...args: string[]) => ran('openssl', args, folder);
  const key = await openssl('pkey', '-in', 'key.pem', '-pubout');
  expect(await openssl('x509', '-in', 'own.pem', '-noout', '-pubkey')).toBe(key);
  expect(await openssl('x509', '-inform', 'DER', '-in', 'own.der', '-noout', '-pubkey')).toBe(key);
  await openssl('pkcs7', '-inform', 'DER', '-in', 'own.p7b', '-print_certs', '-out', 'chain.pem');
  const root = await page.request.get('/help/authorities');
  const address = (await root.text()).match(/\/pki\/[0-9a-f-]+\.pem/)?.[0] ?? '';
  await ran('curl', ['-s', '--fail', '-o', 'root.pem', `${process.env.E2E_PKI}${address}`], folder);
  const verify = ['verify', '-purpose', 'smimesign', '-CAfile', 'root.pem', '-untrusted', 'chain.pem'];
  expect(await openssl(...verify, '-verify_email', who.mailbox, 'own.pem')).toContain('own.pem: OK');
});

test('a weak key is refused at its field, and nothing typed is lost', async ({ add, open, expected }, info) => {
  expected.push(refused);
  const folder = info.outputPath();
  const page = await open(await add());
  const made = ['req', '-new', '-newkey', 'rsa:1024', '-noenc', '-keyout', 'key.pem', '-out', 'weak.csr'];
  await ran('openssl', [...made, '-subj', '/'], folder);
  const csr = await readFile(`${folder}/weak.csr`, 'utf8');
  await visit(page, '/request');
  await choose(page, atOnce);
  await unfold(page, 'Advanced');
  const field = page.getByLabel('I bring my own signing request');
  await field.fill(csr);
  await page.getByRole('button', { name: 'Request the certificate' }).click();
  await expect(fieldError(page, field)).toContainText('2048');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toBeFocused();
  expect((await field.inputValue()).trim()).toBe(csr.trim());
  expect(new URL(page.url()).pathname).toBe('/request');
});

test('a signing request comes as a file too, and what is none is refused at its field', async ({ add, open, expected }, info) => {
  expected.push(refused);
  const folder = info.outputPath();
  const page = await open(await add());
  const made = ['req', '-new', '-newkey', 'rsa:3072', '-noenc', '-keyout', 'key.pem', '-out', 'own.der'];
  await ran('openssl', [...made, '-outform', 'DER', '-subj', '/'], folder);
  await visit(page, '/request');
  await choose(page, atOnce);
  await unfold(page, 'Advanced');
  const file = page.getByLabel('Its file, PEM or DER');
  const send = page.getByRole('button', { name: 'Request the certificate' });
  await file.setInputFiles(`${folder}/key.pem`);
  await send.click();
  await expect(fieldError(page, file)).toBeVisible();
  await expect(page.getByRole('radio', { name: atOnce })).toBeChecked();

  await file.setInputFiles(`${folder}/own.der`);
  await send.click();
  await page.waitForURL(/\/requests\//);
  await toCertificate(page);
  await download(page, page.getByRole('link', { name: 'As text for servers (PEM)' }), `${folder}/own.pem`);
  const key = await ran('openssl', ['pkey', '-in', 'key.pem', '-pubout'], folder);
  expect(await ran('openssl', ['x509', '-in', 'own.pem', '-noout', '-pubkey'], folder)).toBe(key);
});
