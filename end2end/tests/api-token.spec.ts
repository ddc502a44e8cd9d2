// A program fetches a certificate with a token that its owner made in the browser, until the token is
// revoked.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { alive, issue, revealed, visit } from '../support/page';
import { opens } from '../support/pfx';
import { expect, test } from '../support/test';

test('a program fetches PFX and password with a token', async ({ add, open, playwright }, info) => {
  const who = await add();
  const page = await open(who);
  await issue(page);
  const shown = await revealed(page);
  const certificate = new URL(page.url()).pathname;

  await visit(page, '/account');
  await alive(page);
  await page.getByRole('link', { name: /tokens/i }).click();
  await expect(page.getByText('You have no token')).toBeVisible();
  const form = page.locator('#make-token');
  await form.getByLabel('Name').fill('mail gateway');
  await form.getByLabel('What the program may do').selectOption('secrets');
  await form.getByLabel('Days until it expires').fill('7');
  const password = form.getByLabel('Your sign-in password');
  if (await password.isVisible()) {
    await password.fill(who.password);
  }
  await form.getByRole('button', { name: 'Make token' }).click();
  const made = page.getByRole('region', { name: 'Your new token: mail gateway' });
  const token = (await made.locator('code').innerText()).trim();
  expect(token).toMatch(/^cpt_/);

  // A program has no cookies, only the token.
  const program = await playwright.request.newContext({
    ignoreHTTPSErrors: true,
    extraHTTPHeaders: { authorization: `Bearer ${token}` },
  });
  const origin = new URL(page.url()).origin;
  const ask = (what: string) => program.get(`${origin}/api/v1${certificate}${what}`);
  const pfx = await ask('/pfx');
  expect(pfx.status()).toBe(200);
  await writeFile(path.join(info.outputPath(), 'fetched.p12'), await pfx.body());
  const fetched = (await (await ask('/password')).json()) as { password: string };
  expect(fetched.password).toBe(shown);
  expect(await opens(info.outputPath(), 'fetched.p12', fetched.password)).toBe(true);
  expect(await opens(info.outputPath(), 'fetched.p12', `${fetched.password}x`)).toBe(false);

  // It is shown once: whoever comes back sees its name and that it was used.
  await visit(page, '/account/tokens');
  await expect(page.getByText(token)).toHaveCount(0);
  await expect(page.getByText('last used')).toBeVisible();
  await page.getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText('You have no token')).toBeVisible();
  const refused = await ask('/pfx');
  expect(refused.status()).toBe(401);
  expect(refused.headers()['content-type']).toContain('application/problem+json');
  await program.dispose();
});
