// Going to pages, and what people do on more than one of them.
import { expect, type Locator, type Page } from '@playwright/test';

/** Goes to a page and waits until WebAssembly has taken it over. */
export async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await alive(page);
}

/** Waits until WebAssembly has taken the page over, unless it is a plain one. */
export async function alive(page: Page): Promise<void> {
  await page.locator('html[data-alive], html:not(:has(script[type=module]))').waitFor();
}

/** Marks a page; later it tells whether it is still the same one, not loaded again. */
export async function marked(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => document.documentElement.setAttribute('data-mark', 'same'));
  return async () => (await page.locator('html').getAttribute('data-mark')) === 'same';
}

/** The message of a form that was refused, as a whole. */
export function formError(scope: Page | Locator): Locator {
  return scope.locator('.form-error');
}

/** What is wrong with a field. */
export function fieldError(scope: Page | Locator, field: Locator): Locator {
  return scope.locator('.field').filter({ has: field }).locator('.field-error');
}

/** What the last form did, in words. */
export function told(page: Page): Locator {
  return page.locator('.banner');
}

/** A fold by its summary. */
export function fold(scope: Page | Locator, summary: string): Locator {
  return scope.locator(`details:has(> summary:text-is(${JSON.stringify(summary)}))`);
}

/** Opens a fold and gives it. */
export async function unfold(scope: Page | Locator, summary: string): Promise<Locator> {
  const found = fold(scope, summary);
  await found.locator('> summary').click();
  return found;
}

/** The template of every portal that nobody has to approve. */
export const atOnce = 'Secure mail, at once';

/** Chooses a template in the request form; a page with one template only shows it. */
export async function choose(page: Page, template: string): Promise<void> {
  await page.getByText(template, { exact: true }).click();
}

/** Requests a certificate and gives the address of the request's page, where one is afterwards. */
export async function request(page: Page, template: string, reason = ''): Promise<string> {
  await visit(page, '/request');
  await choose(page, template);
  const field = page.getByLabel('What do you need it for?');
  if (await field.isVisible()) {
    await field.fill(reason);
  }
  await page.getByRole('button', { name: 'Request the certificate' }).click();
  await page.waitForURL(/\/requests\//);
  await alive(page);
  return new URL(page.url()).pathname;
}

/** Requests a certificate that needs no approval, waits for it and goes to its page. */
export async function issue(page: Page, template = atOnce): Promise<void> {
  await request(page, template);
  await toCertificate(page);
}

/** From a request's page to its certificate, as soon as there is one. */
export async function toCertificate(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Put it on your device' }).click({ timeout: 30_000 });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Certificate');
}

/** Shows the password on a certificate's page; identity must be confirmed already. */
export async function revealed(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Show my password' }).click();
  return (await page.locator('.secret code').innerText()).trim();
}

/** Presses a button that downloads a file, and keeps it. */
export async function download(page: Page, button: Locator, file: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  await download.saveAs(file);
  return download.suggestedFilename();
}
