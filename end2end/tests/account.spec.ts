// Signing in, the password, the sessions.
import type { Locator, Page } from '@playwright/test';
import { formError, visit } from '../support/page';
import { fillSignIn, signIn } from '../support/people';
import { expect, refused, test } from '../support/test';

test('a wrong password says what to do and not what was wrong', async ({ add, open, expected }) => {
  expected.push(refused);
  const who = await add();
  const page = await open();
  const messages: string[] = [];
  for (const mailbox of [who.mailbox, 'nobody.at.all@example.com']) {
    await visit(page, '/sign-in');
    await fillSignIn(page, mailbox, 'not the password');
    await expect(page.locator('.field-error').last()).toContainText('is not right');
    await expect(page.getByLabel('Mail address')).toHaveValue(mailbox);
    messages.push(await page.locator('main').innerText());
  }
  expect(messages[0]).toBe(messages[1]);
});

test('whoever guesses has to wait longer and longer', async ({ add, open, expected }) => {
  expected.push(refused);
  const who = await add();
  const page = await open();
  await visit(page, '/sign-in');
  const tooMany = formError(page).filter({ hasText: /Too many tries\. Please try again in \d+ seconds/ });
  for (let tries = 0; tries < 10 && !(await tooMany.isVisible()); tries += 1) {
    const answer = page.waitForResponse((response) => response.url().endsWith('/sign-in'));
    await fillSignIn(page, who.mailbox, `guess ${tries}`);
    await (await answer).finished();
    await expect(page.getByRole('button', { name: 'Sign in' })).not.toHaveAttribute('aria-disabled');
  }
  await expect(tooMany).toBeVisible();
  await fillSignIn(page, who.mailbox, who.password);
  await expect(tooMany).toBeVisible();
  expect(new URL(page.url()).pathname).toBe('/sign-in');
});

test('a new password ends the other session', async ({ add, open, expected }) => {
  expected.push(refused);
  const who = await add();
  const [here, there] = [await open(who), await open(who)];
  await visit(here, '/account');
  const next = 'tidal marmot quietly juggles lanterns';
  const change = async (current: string, password: string, again: string) => {
    await here.getByLabel('Current password').fill(current);
    await here.getByLabel('New password', { exact: true }).fill(password);
    await here.getByLabel('New password again').fill(again);
    await here.getByRole('button', { name: 'Change password' }).click();
  };
  await change('not my password', next, next);
  await expect(formError(here)).toBeVisible();
  await change(who.password, 'password1234', 'password1234');
  await expect(errorAt(here, 'New password')).toContainText(/others could guess this/i);
  await change(who.password, next, `${next}!`);
  await expect(errorAt(here, 'New password again')).not.toBeEmpty();
  await change(who.password, next, next);
  await expect(here.getByRole('status').filter({ hasText: /password/i })).toBeVisible();

  await there.goto('/account');
  expect(new URL(there.url()).pathname).toBe('/sign-in');
  await fillSignIn(there, who.mailbox, next);
  await there.waitForURL('**/account');
});

test('sessions are listed and ended', async ({ add, open }) => {
  const who = await add();
  const here = await open(who);
  const others = [await open(who), await open(who), await open(who)];
  await visit(here, '/account');
  await expect(here.getByText('This one')).toBeVisible();
  const end = here.getByRole('button', { name: 'End', exact: true });
  await expect(end).toHaveCount(3);
  await end.first().click();
  await expect(end).toHaveCount(2);
  await here.getByText('End all other sessions').click();
  await expect(here.getByText('2 other sessions are ended at once.')).toBeVisible();
  await here.getByRole('button', { name: 'End them' }).click();
  await expect(end).toHaveCount(0);
  for (const page of others) {
    await page.goto('/account');
    expect(new URL(page.url()).pathname).toBe('/sign-in');
  }
  await visit(here, '/account');
  await here.getByRole('button', { name: 'Sign out' }).click();
  await expect(here.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('signing in leads to where one wanted to go', async ({ add, open }) => {
  const who = await add('auditor');
  const page = await open();
  await signIn(page, who, '/audit?action=sign-in');
  expect(new URL(page.url()).pathname).toBe('/audit');
  expect(new URL(page.url()).search).toBe('?action=sign-in');
});

function errorAt(page: Page, label: string): Locator {
  const field = page.locator('.field').filter({ has: page.getByLabel(label, { exact: true }) });
  return field.locator('.field-error');
}
