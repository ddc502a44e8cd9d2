// Joiner, mover, leaver.
import { formError, visit } from '../support/page';
import { person, signIn } from '../support/people';
import { expect, refused, test } from '../support/test';

test('a start password is shown once and works', async ({ add, open }) => {
  const who = await add();
  const page = await open(who);
  await expect(page.getByText('You have no certificate yet')).toBeVisible();
  const admin = await open(person('carol'));
  await visit(admin, `/people?search=${who.mailbox}`);
  await expect(admin.getByRole('row').filter({ hasText: who.name })).toContainText('Employee');
  await admin.getByRole('link', { name: who.name }).click();
  await expect(admin.getByRole('heading', { name: who.name })).toBeVisible();
  expect(await admin.content()).not.toContain(who.password);
});

test('an address can be given to one person only, and only one of ours', async ({ add, open, expected }) => {
  expected.push(refused);
  const who = await add();
  const admin = await open(person('carol'));
  await visit(admin, '/people');
  await admin.getByText('Add a person').click();
  const form = admin.locator('form[action="/people/add"]');
  await form.getByLabel('Name').fill('Somebody Else');
  for (const [mailbox, problem] of [
    [who.mailbox, 'already here'],
    ['somebody@elsewhere.org', 'must end in one of ours: example.com'],
  ] as const) {
    await form.getByLabel('Mail address').fill(mailbox);
    await form.getByRole('button', { name: 'Add' }).click();
    await expect(form.locator('.field-error').nth(1)).toContainText(problem);
    await expect(form.getByLabel('Name')).toHaveValue('Somebody Else');
  }
});

test('whoever is disabled is out at once and can be let in again', async ({ add, open, expected }) => {
  expected.push(refused);
  const who = await add();
  const page = await open(who);
  const admin = await open(person('carol'));
  await visit(admin, `/people?search=${who.mailbox}`);
  await admin.getByRole('link', { name: who.name }).click();
  await admin.getByText('Disable', { exact: true }).click();
  await expect(admin.getByText('can no longer sign in, and 1 session ends at once')).toBeVisible();
  await admin.getByRole('button', { name: `Disable ${who.name}` }).click();
  await expect(admin.getByText(`${who.name} is disabled and signed out everywhere; their API tokens are revoked.`)).toBeVisible();

  await page.goto('/account');
  expect(new URL(page.url()).pathname).toBe('/sign-in');
  await visit(page, '/sign-in');
  await page.getByLabel('Mail address').fill(who.mailbox);
  await page.getByLabel('Password').fill(who.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(formError(page)).toBeVisible();

  await admin.getByText('Enable', { exact: true }).click();
  await admin.getByRole('button', { name: `Enable ${who.name}` }).click();
  await expect(admin.getByText(`${who.name} can sign in again.`)).toBeVisible();
  await signIn(page, who);
});

test('a new role counts from the next click on', async ({ add, open, expected }) => {
  expected.push(refused);
  const who = await add();
  const page = await open(who);
  await visit(page, '/queue');
  await expect(page.getByText('This is not for your role')).toBeVisible();
  const admin = await open(person('carol'));
  await visit(admin, `/people?search=${who.mailbox}`);
  await admin.getByRole('link', { name: who.name }).click();
  await admin.getByLabel('Role').selectOption('approver');
  await admin.getByRole('button', { name: 'Set role' }).click();
  await expect(admin.getByText(`${who.name} is now an approver.`)).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Queue' })).toBeVisible();
  await expect(page.getByText('This is not for your role')).toHaveCount(0);
  await expect(page.getByRole('link', { name: /^Queue/ })).toBeVisible();
});

test('a forgotten password is replaced', async ({ add, open, expected }) => {
  expected.push(refused);
  const who = await add();
  const admin = await open(person('carol'));
  await visit(admin, `/people?search=${who.mailbox}`);
  await admin.getByRole('link', { name: who.name }).click();
  await admin.locator('summary', { hasText: 'Reset password' }).click();
  await admin.getByRole('button', { name: 'Reset password' }).click();
  const start = admin.getByRole('region', { name: `Start password for ${who.name}` });
  const password = (await start.locator('code').innerText()).trim();
  expect(password).not.toBe(who.password);
  await signIn(await open(), { ...who, password });
});
