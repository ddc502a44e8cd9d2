// Everything works without JavaScript: forms are sent by the browser, pages are loaded again.
import { download } from '../support/page';
import { fillSignIn, newcomer, person, signIn } from '../support/people';
import { expect, refused, test } from '../support/test';

const plainly = { javaScriptEnabled: false };

test('from the request to the download', async ({ add, open }, info) => {
  const page = await open(await add(), plainly);
  await expect(page.getByText('You have no certificate yet')).toBeVisible();
  await page.getByRole('link', { name: 'Request a certificate' }).click();
  await page.getByRole('radio', { name: 'Secure mail, at once' }).check();
  await page.getByRole('button', { name: 'Request the certificate' }).click();
  await page.waitForURL(/\/requests\//);

  const ready = page.getByRole('link', { name: 'Put it on your device' });
  await expect(async () => {
    await page.reload();
    await expect(ready).toBeVisible({ timeout: 100 });
  }).toPass({ timeout: 30_000 });
  await ready.click();
  const certificate = page.url();

  await page.getByRole('button', { name: 'Show my password' }).click();
  const password = (await page.locator('.secret code').innerText()).trim();
  expect(password).toMatch(/^(\w{4}-){5}\w{4}$/);
  await page.getByRole('link', { name: 'Hide now' }).click();
  expect(page.url()).toBe(certificate);
  expect(await page.content()).not.toContain(password);

  await page.getByRole('radio', { name: 'Thunderbird' }).check();
  await expect(page.getByRole('heading', { name: 'Thunderbird on any computer' })).toBeVisible();
  const button = page.getByRole('button', { name: 'Download certificate' });
  const name = await download(page, button, info.outputPath('own.p12'));
  expect(name).toMatch(/^nora\.new\.\w+@example\.com-\d{6}\.p12$/);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('errors are at their fields and nothing typed is lost', async ({ open, expected }) => {
  expected.push(refused);
  const page = await open(undefined, plainly);
  await page.goto('/people');
  expect(new URL(page.url()).pathname).toBe('/sign-in');
  const carol = person('carol');
  await fillSignIn(page, carol.mailbox, 'not the password');
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('Mail address')).toHaveValue(carol.mailbox);
  await expect(page.getByLabel('Password')).toHaveValue('');
  await expect(page.locator('.field-error').last()).toContainText('is not right');
  await fillSignIn(page, carol.mailbox, carol.password);
  await page.waitForURL('**/people');

  const { name } = newcomer();
  await page.getByText('Add a person').click();
  const form = page.locator('form[action="/people/add"]');
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Mail address').fill('nora@elsewhere.org');
  await form.getByLabel('Role').selectOption('auditor');
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(form.locator('.field-error').nth(1)).toContainText('must end in one of ours');
  await expect(form.getByLabel('Name')).toHaveValue(name);
  await expect(form.getByLabel('Mail address')).toHaveValue('nora@elsewhere.org');
  await expect(form.getByLabel('Role')).toHaveValue('auditor');
});

test('a request without its reason says so and keeps the choice', async ({ add, open, expected }) => {
  expected.push(refused);
  const page = await open(await add(), plainly);
  await page.goto('/request');
  await page.getByRole('radio', { name: /^Secure mail Sign/ }).check();
  await page.getByText('Advanced').click();
  await page.getByLabel('Algorithm of the key').selectOption('p256');
  await page.getByRole('button', { name: 'Request the certificate' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.locator('.request-reason .field-error')).toContainText('Please say why');
  await expect(page.getByLabel('Algorithm of the key')).toHaveValue('p256');
  await expect(page.getByRole('radio', { name: /^Secure mail Sign/ })).toBeChecked();
});

test('an approver ticks and decides', async ({ add, open }) => {
  const who = await add();
  const hers = await open(who, plainly);
  await hers.goto('/request');
  await hers.getByRole('radio').first().check();
  await hers.getByLabel('What do you need it for?').fill('For customers.');
  await hers.getByRole('button', { name: 'Request the certificate' }).click();
  await hers.waitForURL(/\/requests\//);

  const his = await open(undefined, plainly);
  await signIn(his, person('bob'));
  await his.goto(`/queue?search=${who.mailbox}`);
  await his.getByRole('checkbox').check();
  await his.getByRole('button', { name: 'Reject' }).click();
  await expect(his.getByRole('alert')).toBeVisible();
  await expect(his.locator('.bulk-reason')).toContainText('Please say why');
  await his.getByRole('checkbox').check();
  await his.getByLabel('Reason').fill('You have one already.');
  await his.getByRole('button', { name: 'Reject' }).click();
  await expect(his.getByText('1 rejected.')).toBeVisible();
  await hers.reload();
  await expect(hers.locator('.live-request-head')).toContainText('Rejected');
  await expect(hers.getByText('You have one already.').first()).toBeVisible();
});
