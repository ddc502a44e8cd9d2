// Secrets are shown only to somebody who has just proved who they are. Here that counts for ten
// seconds, elsewhere for minutes.
import { test as base } from '../support/test';
import { issue, revealed, visit } from '../support/page';
import { person, signIn } from '../support/people';
import { startPortal, type Portal } from '../support/portal';
import { expect, refused } from '../support/test';

const test = base.extend<{ portal: Portal }>({
  portal: async ({}, use, info) => {
    const environment = { CERTPORTAL_SESSIONS__CONFIRM_FOR: '10s' };
    const portal = await startPortal(info.outputPath('portal'), { environment });
    await use(portal);
    await portal.stop();
  },
});

test('identity is confirmed again after a while', async ({ portal, open, expected }, info) => {
  expected.push(refused);
  const alice = person('alice', portal.people);
  const page = await open(undefined, { baseURL: portal.url });
  await signIn(page, alice);
  await issue(page);
  await visit(page, page.url());
  const asked = page.locator('.show-password').getByLabel('Your sign-in password');
  const button = page.getByRole('button', { name: 'Show my password' });

  // A page that was loaded when nothing had to be confirmed: it asks only after the button.
  const later = await page.context().newPage();
  await expect(async () => {
    await later.goto(page.url());
    await expect(later.locator('.show-password').getByLabel('Your sign-in password')).toBeVisible({
      timeout: 500,
    });
  }).toPass({ timeout: 20_000 });
  if (await asked.isHidden()) {
    await button.click();
    await expect(page.getByText('Please confirm with your sign-in password.').last()).toBeVisible();
  }
  await expect(asked).toBeVisible();

  await asked.fill('not my password');
  await button.click();
  await expect(page.locator('.show-password')).toContainText('This is not your sign-in password.');
  await expect(asked).toBeFocused();
  await expect(page.locator('.secret')).toHaveCount(0);
  await asked.fill(alice.password);
  expect(await revealed(page)).toMatch(/^(\w{4}-){5}\w{4}$/);

  // The download asks by itself: without JavaScript, in a page of its own.
  const plain = await open(undefined, {
    baseURL: portal.url,
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
  });
  await expect(async () => {
    await plain.goto(page.url());
    const field = plain.locator('form[action$="/download"]').first();
    await expect(field.getByLabel('Your sign-in password')).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 20_000 });
  const form = plain.locator('form[action$="/download"]').first();
  await form.getByLabel('Your sign-in password').fill('wrong again');
  await form.getByRole('button', { name: 'Download certificate' }).click();
  await expect(form).toContainText('This is not your sign-in password.');
  await form.getByLabel('Your sign-in password').fill(alice.password);
  const file = plain.waitForEvent('download');
  await form.getByRole('button', { name: 'Download certificate' }).click();
  await (await file).saveAs(info.outputPath('alice.p12'));
});
