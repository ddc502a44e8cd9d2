// A template's life: added, changed, withdrawn, offered again, and what that means for certificates.
import { alive, choose, issue, request, told, unfold, visit } from '../support/page';
import { person } from '../support/people';
import { fetched, takeApart } from '../support/pfx';
import { addTemplate, unusedName } from '../support/templates';
import { expect, refused, test } from '../support/test';
import { ran } from '../support/tools';

/** How many days a certificate is valid. */
async function validity(folder: string): Promise<number> {
  const out = await ran('openssl', ['x509', '-in', 'leaf.pem', '-noout', '-dates'], folder);
  const at = (which: string) => Date.parse(out.match(new RegExp(`${which}=(.*)`))?.[1] ?? '');
  return Math.round((at('notAfter') - at('notBefore')) / 86_400_000);
}

test('a new version is for what comes next, and what was issued keeps its own', async ({ add, open }, info) => {
  const admin = await open(person('carol'));
  const name = unusedName('Mail for a project');
  await addTemplate(admin, name, '60');
  const hers = await open(await add());
  await issue(hers, name);
  const first = hers.url();
  const before = await fetched(hers, 'Thunderbird', info.outputPath('before'));
  await takeApart(before);
  const good = await hers.locator('.certificate-head').innerText();

  await admin.getByLabel('Days of validity').fill('90');
  await admin.getByRole('button', { name: 'Make a new version' }).click();
  await expect(told(admin)).toContainText('Version 2 holds from the next request on.');
  const versions = admin.getByRole('listitem').filter({ hasText: /^Version \d/ });
  await expect(versions).toHaveCount(2);
  await expect(versions.first()).toContainText('60 days → 90 days');
  await expect(versions.first()).toContainText('Carol Clark');

  await issue(hers, name);
  const after = await fetched(hers, 'Thunderbird', info.outputPath('after'));
  await takeApart(after);
  expect(await validity(before.folder)).toBe(60);
  expect(await validity(after.folder)).toBe(90);
  await visit(hers, first);
  await expect(hers.locator('.certificate-head')).toHaveText(good, { useInnerText: true });
});

test('what is withdrawn cannot be requested until it is offered again', async ({ add, open, expected }) => {
  expected.push(refused);
  const admin = await open(person('carol'));
  const name = unusedName('Mail for a trial');
  await addTemplate(admin, name, '60');
  const template = admin.url();
  const hers = await open(await add());
  await visit(hers, '/request');
  await choose(hers, name);
  await (await unfold(admin, 'Withdraw')).getByRole('button', { name: 'Withdraw the template' }).click();
  await expect(told(admin)).toHaveText(`${name} is no longer offered.`);
  await visit(admin, '/admin/templates');
  await expect(admin.getByRole('row').filter({ hasText: name })).toContainText('Not offered');

  // Her form is from before.
  await hers.getByRole('button', { name: 'Request the certificate' }).click();
  await expect(hers.getByText('Please choose one of the kinds that are offered.')).toBeVisible();
  await visit(hers, '/request');
  await expect(hers.getByRole('radio').first()).toBeVisible();
  await expect(hers.getByText(name, { exact: true })).toHaveCount(0);

  await visit(admin, template);
  await admin.getByRole('button', { name: 'Offer it again' }).click();
  await expect(told(admin)).toHaveText(`${name} is offered again.`);
  await request(hers, name);
});

test('of two editors the second is told, and keeps what was typed', async ({ open, expected }) => {
  expected.push(refused);
  const admin = await open(person('carol'));
  await addTemplate(admin, unusedName('Mail for two'), '60');
  const other = await open(person('carol'));
  await visit(other, new URL(admin.url()).pathname);
  await other.getByLabel('Days of validity').fill('70');
  await other.getByRole('button', { name: 'Make a new version' }).click();
  await expect(told(other)).toContainText('Version 2');
  await alive(admin);
  await admin.getByLabel('Days of validity').fill('80');
  await admin.getByRole('button', { name: 'Make a new version' }).click();
  await expect(admin.getByText('Somebody else changed this template')).toBeVisible();
  await expect(admin.getByLabel('Days of validity')).toHaveValue('80');
});
