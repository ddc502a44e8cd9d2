// A downloaded PFX, taken apart by OpenSSL, and other programs' own key stores.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { download, issue, revealed } from './page';
import { ran, tried } from './tools';

/** What somebody has after downloading: a folder with the file, and the password. */
export interface Pfx {
  folder: string;
  password: string;
}

/** Who reads which flavour. */
export const flavours = [
  { flavour: 'modern', device: 'Thunderbird' },
  { flavour: 'compatible', device: 'Android' },
];

/** Gets a certificate that needs no approval, and downloads it for a device, as `own.p12`. */
export async function obtain(page: Page, device: string, folder: string, template?: string): Promise<Pfx> {
  await issue(page, template);
  return fetched(page, device, folder);
}

/** On a certificate's page: shows its password and downloads it for a device, as `own.p12`. */
export async function fetched(page: Page, device: string, folder: string): Promise<Pfx> {
  const password = await revealed(page);
  await page.getByRole('radio', { name: device }).check();
  const button = page.getByRole('button', { name: 'Download certificate' });
  await download(page, button, path.join(folder, 'own.p12'));
  return { folder, password };
}

/** Whether OpenSSL opens a file with a password. */
export async function opens(folder: string, file: string, password: string): Promise<boolean> {
  const args = ['pkcs12', '-in', file, '-noout', '-passin', `pass:${password}`];
  return (await tried('openssl', args, folder)).code === 0;
}

/** Writes leaf, key, issuer and root as `leaf.pem`, `key.pem`, `issuer.pem` and `root.pem`. */
export async function takeApart({ folder, password }: Pfx): Promise<void> {
  const read = (...more: string[]) =>
    ran('openssl', ['pkcs12', '-in', 'own.p12', '-passin', `pass:${password}`, ...more], folder);
  const certificates = await read('-cacerts', '-nokeys');
  const keep = (name: string, text: string) => writeFile(path.join(folder, name), text);
  const leaf = await read('-clcerts', '-nokeys');
  await keep('leaf.pem', leaf.slice(leaf.indexOf('-----BEGIN')));
  await keep('key.pem', await read('-nocerts', '-noenc'));
  for (const pem of certificates.match(/-----BEGIN[^]+?-----END CERTIFICATE-----\n/g) ?? []) {
    await keep('one.pem', pem);
    const names = await ran('openssl', ['x509', '-in', 'one.pem', '-noout', '-subject', '-issuer'], folder);
    const [subject, issuer] = names.trim().split('\n').map((line) => line.replace(/^\w+=/, ''));
    await keep(subject === issuer ? 'root.pem' : 'issuer.pem', pem);
  }
}

/** Makes an NSS database that trusts the root for mail and holds the PFX. */
export async function intoNss({ folder, password }: Pfx): Promise<string> {
  const database = `sql:${folder}`;
  await ran('certutil', ['-N', '-d', database, '--empty-password'], folder);
  await ran('certutil', ['-A', '-d', database, '-n', 'root', '-t', ',C,', '-i', 'root.pem'], folder);
  await ran('pk12util', ['-i', 'own.p12', '-d', database, '-W', password, '-K', ''], folder);
  return database;
}

/** What the leaf's certificate is, in hexadecimal. */
export async function thumbprint(folder: string): Promise<string> {
  const out = await ran('openssl', ['x509', '-in', 'leaf.pem', '-noout', '-fingerprint', '-sha256'], folder);
  return out.replace(/^.*=/, '').replaceAll(':', '').trim().toLowerCase();
}

/** Makes a certificate for an address elsewhere, as `foreign.p12`. */
export async function foreignPfx(folder: string, mailbox: string, password: string): Promise<void> {
  const extensions = [`subjectAltName=email:${mailbox}`, 'basicConstraints=critical,CA:FALSE'];
  const subject = ['-subj', '/CN=From elsewhere', ...extensions.flatMap((one) => ['-addext', one])];
  const key = ['-newkey', 'rsa:2048', '-noenc', '-keyout', 'foreign.key', '-out', 'foreign.pem'];
  await ran('openssl', ['req', '-x509', '-days', '100', ...key, ...subject], folder);
  const files = ['-inkey', 'foreign.key', '-in', 'foreign.pem', '-out', 'foreign.p12'];
  await ran('openssl', ['pkcs12', '-export', ...files, '-passout', `pass:${password}`], folder);
}
