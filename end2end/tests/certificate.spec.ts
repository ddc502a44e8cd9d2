// The certificate itself, judged by others: pkilint, OpenSSL, and whoever follows its addresses.
import { writeFile } from 'node:fs/promises';
import { obtain, takeApart, thumbprint } from '../support/pfx';
import { expect, test } from '../support/test';
import { python, ran, tried } from '../support/tools';

/** The portal's own policy is not one of the reserved ones, which claim audits and hardware. */
const allowed = ['cabf.smime.no_required_reserved_policy_oid'];

interface Lint {
  results: { finding_descriptions: { severity: string; code: string }[] }[];
}

test('linters, chain, revocation list and addresses are in order', async ({ add, open, request }, info) => {
  const folder = info.outputPath();
  const person = await add();
  const page = await open(person);
  await takeApart(await obtain(page, 'Windows', folder));

  const profile = ['lint', '-t', 'MAILBOX-MULTIPURPOSE', '-s', 'NOTICE', '-f', 'JSON', 'leaf.pem'];
  const lint = await tried(python('lint_cabf_smime_cert'), profile, folder);
  const found = (JSON.parse(lint.out) as Lint).results.flatMap((one) => one.finding_descriptions);
  expect(found.map((finding) => finding.code)).toEqual(allowed);

  const text = await ran('openssl', ['x509', '-in', 'leaf.pem', '-noout', '-text'], folder);
  expect(text).toContain(`email:${person.mailbox}`);
  const address = (after: RegExp) => text.match(after)?.[1] ?? '';
  const aia = address(/CA Issuers - URI:(\S+)/);
  const crl = address(/CRL Distribution Points:[^]*?URI:(\S+)/);

  const issuer = await request.get(aia);
  expect(issuer.url()).toMatch(/^http:/);
  expect(issuer.status()).toBe(200);
  expect(issuer.headers()['content-type']).toBe('application/pkix-cert');
  await writeFile(`${folder}/aia.der`, await issuer.body());
  const same = await ran('openssl', ['x509', '-inform', 'DER', '-in', 'aia.der'], folder);
  expect(same.trim()).toBe((await ran('openssl', ['x509', '-in', 'issuer.pem'], folder)).trim());

  const list = await request.get(crl);
  expect(list.url()).toMatch(/^http:/);
  expect(list.status()).toBe(200);
  expect(list.headers()['content-type']).toBe('application/pkix-crl');
  await writeFile(`${folder}/crl.der`, await list.body());

  const chain = ['-CAfile', 'root.pem', '-untrusted', 'issuer.pem'];
  const revocation = ['-crl_check', '-CRLfile', 'crl.der'];
  for (const purpose of ['smimesign', 'smimeencrypt']) {
    const check = ['-x509_strict', '-purpose', purpose, '-verify_email', person.mailbox];
    const verify = ['verify', ...check, ...chain, ...revocation, 'leaf.pem'];
    expect(await ran('openssl', verify, folder)).toContain('leaf.pem: OK');
  }

  // The page names the same certificate.
  await page.getByText('Technical details').click();
  const shown = await page.locator('dd').filter({ hasText: /^[0-9A-Fa-f:\s]{64,}/ }).first().innerText();
  expect(shown.replace(/[^0-9a-f]/gi, '').toLowerCase()).toContain(await thumbprint(folder));
});
