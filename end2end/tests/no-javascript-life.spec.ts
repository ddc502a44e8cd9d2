// The later life of a certificate without JavaScript: renewing, bringing along, changing a template.
import { download, fold, formError, told, unfold } from '../support/page';
import { expect, refused, test } from '../support/aged-portal';
import { person } from '../support/people';
import { foreignPfx, opens } from '../support/pfx';
import { unusedName } from '../support/templates';

const plainly = { javaScriptEnabled: false };

test('one click renews', async ({ as, who }, info) => {
  const page = await as('dave', plainly);
  await page.goto('/');
  await page.getByRole('button', { name: 'Renew', exact: true }).click();
  await page.waitForURL(/\/requests\//);
  await expect(told(page)).toContainText('The next certificate is being made');
  const ready = page.getByRole('link', { name: 'Put it on your device' });
  await expect(async () => {
    await page.reload();
    await expect(ready).toBeVisible({ timeout: 100 });
  }).toPass({ timeout: 30_000 });
  await ready.click();
  const certificate = page.url();
  await page.getByRole('button', { name: 'Show my password' }).click();
  const password = (await page.locator('.secret code').innerText()).trim();
  await page.getByRole('link', { name: 'Hide now' }).click();
  expect(page.url()).toBe(certificate);
  await page.getByRole('radio', { name: 'Thunderbird' }).check();
  const button = page.getByRole('button', { name: 'Download certificate' });
  await download(page, button, info.outputPath('next.p12'));
  expect(await opens(info.outputPath(), 'next.p12', password)).toBe(true);
  await page.goto('/');
  await expect(page.getByRole('heading', { name: who('dave').mailbox })).toHaveCount(2);
  await expect(page.getByRole('button', { name: 'Renew', exact: true })).toHaveCount(0);
});

test('a certificate is brought along, and its password shown', async ({ add, open, expected }, info) => {
  expected.push(refused);
  const folder = info.outputPath();
  const who = await add();
  await foreignPfx(folder, who.mailbox, 'from elsewhere');
  const page = await open(who, plainly);
  await page.goto('/');
  const form = (await unfold(page, 'Bring a certificate along')).locator('form');
  const send = async (password: string) => {
    await form.getByLabel('File (.p12 or .pfx)').setInputFiles(`${folder}/foreign.p12`);
    await form.getByLabel('Password of this file').fill(password);
    await form.getByRole('button', { name: 'Bring it along' }).click();
  };
  await send('mistyped');
  await expect(formError(form)).toBeVisible();
  await expect(form.getByLabel('Password of this file')).toHaveAttribute('aria-invalid', 'true');
  await send('from elsewhere');
  await expect(told(page)).toContainText('It is kept with your certificates now');
  await unfold(page, 'Use it');
  const use = fold(page, 'Use it').locator('form').first();
  await use.getByLabel('Your sign-in password').fill(who.password);
  await use.getByRole('button', { name: 'Show its password' }).click();
  await expect(page.locator('.secret code')).toHaveText(/^(\w{4}-){5}\w{4}$/);
});

test('a template is changed, with its mistakes told first', async ({ open, expected }) => {
  expected.push(refused);
  const page = await open(person('carol'), plainly);
  const name = unusedName('Mail without scripts');
  await page.goto('/admin/templates/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('What it is for').fill('Mail, made plainly.');
  await page.getByLabel('Days of validity').fill('900');
  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(page.locator('#preview')).toContainText('Between 1 and 730 days');
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue(name);
  await page.getByRole('button', { name: 'Add the template' }).click();
  await expect(formError(page)).toBeVisible();
  await expect(page.getByLabel('Days of validity')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Days of validity').fill('100');
  await page.getByRole('button', { name: 'Add the template' }).click();
  await expect(told(page)).toContainText(`${name} is added and offered from now on.`);

  await page.getByLabel('Days of validity').fill('50');
  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(page.locator('#preview')).toContainText('As it would be for Alice Example');
  await page.getByRole('button', { name: 'Make a new version' }).click();
  await expect(told(page)).toContainText('Version 2 holds from the next request on.');
  await expect(page.getByRole('listitem').filter({ hasText: /^Version 2/ })).toContainText('100 days → 50 days');
});
