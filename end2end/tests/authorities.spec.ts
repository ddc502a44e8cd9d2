// The successor of an authority: it signs from now on, and what the old one signed stays good.
import { card } from '../support/authorities';
import { expect, refused, test } from '../support/own-portal';
import { formError, told, unfold, visit } from '../support/page';
import { obtain, takeApart } from '../support/pfx';
import { status } from '../support/revocation';
import { ran } from '../support/tools';

const old = 'Example Corporation Issuing CA 1';
const successor = 'Example Corporation Issuing CA 2';

async function issuer(folder: string): Promise<string> {
  const args = ['x509', '-in', 'leaf.pem', '-noout', '-issuer', '-nameopt', 'multiline'];
  return (await ran('openssl', args, folder)).match(/commonName\s*= (.*)/)?.[1] ?? '';
}

test('a new issuing authority signs, and the old one retires', async ({ portal, as, expected }, info) => {
  expected.push(refused);
  const alice = await as('alice');
  const before = await obtain(alice, 'Thunderbird', info.outputPath('before'));
  await takeApart(before);
  expect(await issuer(before.folder)).toBe(old);

  const admin = await as('carol');
  await visit(admin, '/admin/authorities');
  const make = await unfold(admin, 'New issuing authority');
  await make.getByLabel('Name').fill(old);
  await make.getByLabel('Key', { exact: true }).selectOption('P-384');
  await make.getByRole('button', { name: 'Make it' }).click();
  await expect(formError(make)).toBeVisible();
  await expect(make).toContainText('There is an authority of this name already.');
  await make.getByLabel('Name').fill(successor);
  await make.getByRole('button', { name: 'Make it' }).click();
  await expect(told(admin)).toHaveText(`${successor} is ready and signs new certificates from now on.`);

  await (await unfold(card(admin, old), 'Retire')).getByRole('button', { name: 'Retire it' }).click();
  await expect(card(admin, old)).toContainText('Retired');
  await expect(card(admin, successor)).not.toContainText('Retired');

  const bob = await as('bob');
  const after = await obtain(bob, 'Thunderbird', info.outputPath('after'));
  await takeApart(after);
  expect(await issuer(after.folder)).toBe(successor);
  expect(await status(after.folder, portal.pki)).toBe('good');
  expect(await status(before.folder, portal.pki)).toBe('good');
});
