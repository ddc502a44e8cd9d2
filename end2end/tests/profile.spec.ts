// The profile for iPhone, iPad and Mac: signed by the portal, with the PFX and without its password.
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:tls';
import { download, issue, revealed } from '../support/page';
import { opens } from '../support/pfx';
import { expect, test } from '../support/test';
import { python, ran, tried } from '../support/tools';

/** Takes the payloads out, as a device does. */
const payloads = `
import plistlib
for part in plistlib.load(open("profile.plist", "rb"))["PayloadContent"]:
    kind = part["PayloadType"]
    print(kind, "Password" in part)
    if kind == "com.apple.security.pkcs12":
        open("inside.p12", "wb").write(part["PayloadContent"])
`;

test('a profile is signed and holds the PFX', async ({ add, open, baseURL }, info) => {
  const folder = info.outputPath();
  const page = await open(await add());
  await issue(page);
  const password = await revealed(page);
  await page.getByRole('radio', { name: 'iPhone or iPad' }).check();
  const button = page.getByRole('button', { name: 'Profile for iPhone, iPad or Mac' });
  const name = await download(page, button, `${folder}/profile.mobileconfig`);
  expect(name).toMatch(/\.mobileconfig$/);

  const verify = ['smime', '-verify', '-noverify', '-inform', 'DER', '-signer', 'signer.pem'];
  const openssl = (file: string) => tried('openssl', [...verify, '-in', file, '-out', 'profile.plist'], folder);
  const seen = await openssl('profile.mobileconfig');
  expect(seen.err).toContain('Verification successful');
  const signer = await ran('openssl', ['x509', '-in', 'signer.pem', '-noout', '-fingerprint', '-sha256'], folder);
  expect(signer.trim()).toBe(`sha256 Fingerprint=${await certificateOf(baseURL ?? '')}`);

  const plist = await readFile(`${folder}/profile.plist`, 'utf8');
  expect(plist).not.toContain(password);
  const parts = await ran(python('python'), ['-c', payloads], folder);
  expect(parts.split('\n')).toContain('com.apple.security.pkcs12 False');
  expect(parts).toContain('com.apple.security.root');
  expect(await opens(folder, 'inside.p12', password)).toBe(true);

  const changed = (await readFile(`${folder}/profile.mobileconfig`)).toString('latin1');
  await writeFile(`${folder}/changed`, changed.replace('PayloadContent', 'PayloadContenT'), 'latin1');
  expect((await openssl('changed')).code).not.toBe(0);
});

/** The fingerprint of the certificate that https shows. */
function certificateOf(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const options = { host: hostname, port: Number(port), rejectUnauthorized: false };
    const socket = connect(options, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.end();
    });
    socket.on('error', reject);
  });
}
