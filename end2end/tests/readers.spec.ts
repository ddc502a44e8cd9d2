// Every program that reads PFX files opens the download with the password shown, and with no other.
import { mkdir } from 'node:fs/promises';
import { flavours, obtain, takeApart, thumbprint, type Pfx } from '../support/pfx';
import { expect, test } from '../support/test';
import { python, tried } from '../support/tools';

const withCryptography = `
import sys
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import pkcs12
key, leaf, chain = pkcs12.load_key_and_certificates(open("own.p12", "rb").read(), sys.argv[1].encode())
assert key.public_key() == leaf.public_key()
print(leaf.fingerprint(SHA256()).hex(), len(chain))
`;

type Reader = (password: string) => [program: string, args: string[]];

function readers(folder: string): Record<string, Reader> {
  const store = ['-storetype', 'PKCS12', '-keystore', 'own.p12'];
  return {
    OpenSSL: (password) => ['openssl', ['pkcs12', '-in', 'own.p12', '-noout', '-passin', `pass:${password}`]],
    NSS: (password) => ['pk12util', ['-d', `sql:${folder}/nss`, '-i', 'own.p12', '-W', password, '-K', '']],
    Java: (password) => ['keytool', ['-list', '-v', ...store, '-storepass', password]],
    cryptography: (password) => [python('python'), ['-c', withCryptography, password]],
  };
}

/** The last letter is another one: the smallest mistake. */
function mistyped(password: string): string {
  return password.slice(0, -1) + (password.endsWith('A') ? 'B' : 'A');
}

for (const { flavour, device } of flavours) {
  test(`the ${flavour} file opens in OpenSSL, NSS, Java and Python`, async ({ add, open }, info) => {
    const folder = info.outputPath();
    const pfx: Pfx = await obtain(await open(await add()), device, folder);
    await takeApart(pfx);
    await mkdir(`${folder}/nss`);
    await tried('certutil', ['-N', '-d', `sql:${folder}/nss`, '--empty-password'], folder);
    const expected = await thumbprint(folder);

    for (const [name, reader] of Object.entries(readers(folder))) {
      const wrong = await tried(...reader(mistyped(pfx.password)), folder);
      expect(wrong.code, `${name} with a wrong password`).not.toBe(0);
      const right = await tried(...reader(pfx.password), folder);
      expect(right.code, `${name}: ${right.out} ${right.err}`).toBe(0);
      if (name === 'Java') {
        expect(right.out).toContain('Entry type: PrivateKeyEntry');
        expect(right.out).toContain('Certificate chain length: 3');
        expect(right.out.replaceAll(':', '').toLowerCase()).toContain(expected);
      }
      if (name === 'cryptography') {
        expect(right.out.trim()).toBe(`${expected} 2`);
      }
    }
    const keys = await tried('certutil', ['-K', '-d', `sql:${folder}/nss`], folder);
    expect(keys.out).toMatch(/rsa/);
  });
}
