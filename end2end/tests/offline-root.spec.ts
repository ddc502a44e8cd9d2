// The root's key leaves the portal, and OpenSSL signs with it what the portal cannot any more.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { card, give, offlineConfig } from '../support/authorities';
import { expect, refused, test } from '../support/own-portal';
import { download, formError, told, unfold, visit } from '../support/page';
import { person } from '../support/people';
import { obtain, takeApart } from '../support/pfx';
import { status } from '../support/revocation';
import { ran } from '../support/tools';

const root = 'Example Corporation Root CA';
const below = 'Example Corporation Issuing CA 2';
const filePassword = 'tidal marmot juggles lanterns';

test('a root goes offline and signs an authority there', async ({ portal, as, expected }, info) => {
  expected.push(refused);
  const folder = info.outputPath('offline');
  await mkdir(folder);
  const openssl = (...args: string[]) => ran('openssl', args, folder);
  const admin = await as('carol');
  await visit(admin, '/admin/authorities');
  await expect(card(admin, root)).toContainText('here, sealed');

  // Nothing is deleted before it was downloaded.
  const away = await unfold(card(admin, root), 'Take its key offline');
  const remove = away.getByRole('button', { name: '2. Delete the key here' });
  await away.getByLabel('The root\'s name').fill(root);
  await remove.click();
  await expect(formError(admin)).toContainText('Download the key first');
  await away.getByLabel('A password for the file').fill(filePassword);
  await download(admin, away.getByRole('button', { name: '1. Download the key' }), `${folder}/root.p12`);
  const file = ['pkcs12', '-in', 'root.p12', '-passin', `pass:${filePassword}`];
  await openssl(...file, '-nocerts', '-noenc', '-out', 'root.key');
  await openssl(...file, '-nokeys', '-out', 'root.pem');
  const key = await openssl('pkey', '-in', 'root.key', '-pubout');
  expect(await openssl('x509', '-in', 'root.pem', '-noout', '-pubkey')).toBe(key);

  await away.getByLabel('The root\'s name').fill('Another one');
  await remove.click();
  await expect(away).toContainText('Please type the root\'s name');
  await away.getByLabel('The root\'s name').fill(root);
  await remove.click();
  await expect(told(admin)).toContainText(`The key of ${root} is deleted here.`);
  await expect(card(admin, root)).toContainText('elsewhere');

  // A request, signed where the root is now.
  const make = await unfold(admin, 'New issuing authority');
  await make.getByLabel('Signed by').selectOption('A root that is kept elsewhere (makes a request)');
  await make.getByLabel('Name').fill(below);
  await make.getByLabel('Key', { exact: true }).selectOption('P-384');
  await make.getByRole('button', { name: 'Make it' }).click();
  await expect(told(admin)).toContainText('Download its request');
  const link = card(admin, below).getByRole('link', { name: 'Signing request (PEM)' });
  await download(admin, link, `${folder}/below.csr`);
  await writeFile(`${folder}/ca.cnf`, offlineConfig);
  await writeFile(`${folder}/index.txt`, '');
  await writeFile(`${folder}/crlnumber`, '1000\n');
  const ca = ['ca', '-batch', '-config', 'ca.cnf', '-keyfile', 'root.key', '-cert', 'root.pem'];
  await openssl(...ca, '-in', 'below.csr', '-notext', '-out', 'below.pem');

  const bring = await unfold(card(admin, below), 'Bring its certificate');
  await give(bring, 'Certificate as PEM', await readFile(`${folder}/root.pem`, 'utf8'));
  await bring.getByRole('button', { name: 'Take it into use' }).click();
  await expect(formError(bring)).toBeVisible();
  await give(bring, 'Certificate as PEM', await readFile(`${folder}/below.pem`, 'utf8'));
  await bring.getByRole('button', { name: 'Take it into use' }).click();
  await expect(told(admin)).toHaveText(`${below} is ready and signs new certificates from now on.`);

  // The root's own list comes from there, too; its number has to be above that of the last one.
  const list = await unfold(card(admin, root), 'Bring its revocation list');
  const bringList = async () => {
    await openssl(...ca, '-gencrl', '-out', 'root.crl.pem');
    await give(list, 'Revocation list as PEM', await readFile(`${folder}/root.crl.pem`, 'utf8'));
    await list.getByRole('button', { name: 'Serve this list' }).click();
  };
  await bringList();
  const wrong = await list.locator('.field-error').filter({ hasText: 'crlnumber' }).innerText();
  const last = BigInt(`0x${wrong.match(/which is ([0-9A-F]+) in the file/)?.[1]}`);
  const next = (last + 1n).toString(16).toUpperCase();
  await writeFile(`${folder}/crlnumber`, `${next.padStart(next.length + (next.length % 2), '0')}\n`);
  await bringList();
  await expect(told(admin)).toContainText(/^List \d+ of .* is served now/);

  const alice = person('alice', portal.people);
  const pfx = await obtain(await as('alice'), 'Thunderbird', info.outputPath('alice'));
  await takeApart(pfx);
  expect(await readFile(`${pfx.folder}/root.pem`, 'utf8')).toContain(
    (await openssl('x509', '-in', 'root.pem')).trim(),
  );
  expect(await status(pfx.folder, portal.pki)).toBe('good');
  const names = await ran('openssl', ['x509', '-in', 'leaf.pem', '-noout', '-issuer', '-email'], pfx.folder);
  expect(names).toContain(below);
  expect(names).toContain(alice.mailbox);
});
