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

/** The message of a form that was refused, as a whole. */
export function formError(scope: Page | Locator): Locator {
  return scope.locator('.form-error');
}

/** The kinds of certificate that every portal starts with. */
export type Template = 'Secure mail' | 'Secure mail, at once';

/** Requests a certificate and gives the address of the request's page, where one is afterwards. */
export async function request(page: Page, template: Template, reason = ''): Promise<string> {
  await visit(page, '/request');
  await page.getByText(template, { exact: true }).click();
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
export async function issue(page: Page): Promise<void> {
  await request(page, 'Secure mail, at once');
  await page.getByRole('link', { name: 'Put it on your device' }).click();
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
