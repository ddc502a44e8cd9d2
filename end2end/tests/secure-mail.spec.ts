// What it is all for: signed and encrypted mail, between OpenSSL and NSS (Thunderbird's library).
import { readFile, writeFile } from 'node:fs/promises';
import { intoNss, obtain, takeApart } from '../support/pfx';
import { expect, test } from '../support/test';
import { ran, tried } from '../support/tools';

const letter = 'Content-Type: text/plain\r\n\r\nThe contract is signed.\r\n';

test('OpenSSL and NSS read each other’s signed and encrypted mail', async ({ add, open }, info) => {
  const person = await add();
  const folder = info.outputPath();
  const pfx = await obtain(await open(person), 'Thunderbird', folder);
  await takeApart(pfx);
  const database = await intoNss(pfx);
  const file = (name: string) => readFile(`${folder}/${name}`, 'utf8');
  const openssl = (...args: string[]) => ran('openssl', ['cms', ...args], folder);
  const nss = (...args: string[]) => ran('cmsutil', [...args, '-d', database, '-p', ''], folder);
  await writeFile(`${folder}/letter`, letter);

  await openssl(
    ...['-sign', '-binary', '-nodetach', '-in', 'letter', '-signer', 'leaf.pem'],
    ...['-inkey', 'key.pem', '-certfile', 'issuer.pem', '-outform', 'DER', '-out', 'signed'],
  );
  const encrypt = ['-encrypt', '-binary', '-aes-256-cbc', '-outform', 'DER'];
  await openssl(...encrypt, '-in', 'signed', '-out', 'encrypted', 'leaf.pem');
  await nss('-D', '-i', 'encrypted', '-o', 'decrypted');
  const seen = await nss('-D', '-u', '4', '-h', '1', '-i', 'decrypted');
  expect(seen).toContain('signer0.status=GoodSignature');
  expect(seen).toContain('The contract is signed.');

  // One letter changed: the signature no longer holds.
  const changed = (await readFile(`${folder}/signed`)).toString('latin1').replace('contract', 'Contract');
  await writeFile(`${folder}/changed`, changed, 'latin1');
  const args = ['-D', '-u', '4', '-i', 'changed', '-d', database, '-p', ''];
  expect((await tried('cmsutil', args, folder)).code).not.toBe(0);

  await nss('-S', '-G', '-P', '-N', await nickname(database, folder), '-i', 'letter', '-o', 'signed-nss');
  await nss('-E', '-r', person.mailbox, '-i', 'signed-nss', '-o', 'encrypted-nss');
  const key = ['-recip', 'leaf.pem', '-inkey', 'key.pem'];
  await openssl('-decrypt', '-inform', 'DER', ...key, '-in', 'encrypted-nss', '-out', 'decrypted-nss');
  await openssl(
    ...['-verify', '-inform', 'DER', '-in', 'decrypted-nss', '-out', 'letter-nss'],
    ...['-CAfile', 'root.pem', '-certfile', 'issuer.pem', '-purpose', 'smimesign'],
  );
  expect(await file('letter-nss')).toBe(letter);
});

/** Under which name NSS keeps the certificate that has a private key. */
async function nickname(database: string, folder: string): Promise<string> {
  const list = await ran('certutil', ['-L', '-d', database], folder);
  const line = list.split('\n').find((line) => /\bu,u,u\s*$/.test(line)) ?? '';
  return line.replace(/\s+u,u,u\s*$/, '');
}
