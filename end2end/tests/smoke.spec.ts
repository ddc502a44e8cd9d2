// The least that must work: the first page comes, and comes alive.
import { alive } from '../support/page';
import { expect, test } from '../support/test';

test('the sign-in page loads and the browser has nothing to complain about', async ({ page }) => {
  const module = page.waitForResponse((response) => response.url().endsWith('.wasm'));
  const response = await page.goto('/sign-in');
  expect(response?.status()).toBe(200);
  expect((await module).ok()).toBe(true);
  await alive(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
  await page.waitForLoadState('networkidle');
});
