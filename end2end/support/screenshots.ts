// Pictures of every page in three widths, light and dark, with an office's worth of data.
import { test, type Browser, type Page } from '@playwright/test';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { root } from './browser';
import { alive, issue, request, revealed, visit } from './page';
import { addNamed, fillSignIn, person, signIn, type Person } from './people';

const folder = path.join(root, 'target/screenshots');
const widths = [320, 768, 1440];
const schemes = ['light', 'dark'] as const;

const colleagues = [
  ['Amira Haddad', 'I sign offers to customers in Beirut and Lyon.'],
  ['Björn Lindqvist', 'Our supplier accepts encrypted drawings only.'],
  ['Chiara De Luca', 'The works council sends me personal data.'],
  ['Dmitri Volkov', ''],
  ['Eleanor Featherstonehaugh-Cholmondeley', 'Board papers, and the auditors ask for signed answers.'],
] as const;

test('every page', async ({ browser }) => {
  await rm(folder, { recursive: true, force: true });
  await strangers(browser);
  await office(browser);
  await employee(browser);
  await approver(browser);
  await administrator(browser);
  await auditor(browser);
});

async function as(browser: Browser, who?: Person): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  if (who !== undefined) {
    await signIn(page, who);
  }
  return page;
}

async function strangers(browser: Browser): Promise<void> {
  const page = await as(browser);
  await shootAll(page, { 'sign-in': '/sign-in', 'not-found': '/no-such-page', 'set-up-used': '/set-up' });
  await visit(page, '/sign-in');
  await fillSignIn(page, 'alice@example.com', 'wrong');
  await page.locator('.form-error').waitFor();
  await shoot(page, 'sign-in-wrong');
}

/** Colleagues with certificates and requests. */
async function office(browser: Browser): Promise<void> {
  const admin = await as(browser, person('carol'));
  for (const [name, reason] of colleagues) {
    const page = await as(browser, await addNamed(admin, name, 'employee'));
    if (reason === '') {
      await issue(page);
    } else {
      await request(page, 'Secure mail', reason);
    }
    await page.context().close();
  }
}

async function employee(browser: Browser): Promise<void> {
  const page = await as(browser, person('erin'));
  await shootAll(page, { 'my-certificates-empty': '/', request: '/request', forbidden: '/overview' });
  await request(page, 'Secure mail', 'I write to customers about contracts.');
  await shoot(page, 'request-waiting');
  await visit(page, '/');
  await shoot(page, 'my-certificates-waiting');

  const other = await as(browser, person('alice'));
  await issue(other);
  await shoot(other, 'certificate');
  await revealed(other);
  await shoot(other, 'certificate-password');
  await other.getByText('Technical details').click();
  await other.getByRole('link', { name: 'How it came about' }).click();
  await other.getByText('Bundled and ready').waitFor();
  await shoot(other, 'request-ready');
  await shootAll(other, { 'my-certificates': '/', account: '/account', tokens: '/account/tokens' });
  await other.getByLabel('Name').fill('mail gateway');
  await other.getByRole('button', { name: 'Make token' }).click();
  await other.getByText('It is shown only now.').waitFor();
  await shoot(other, 'tokens-made');
  await visit(other, '/');
  for (const fold of await other.locator('main summary').all()) {
    await fold.click();
  }
  await shoot(other, 'my-certificates-unfolded');
}

async function approver(browser: Browser): Promise<void> {
  const page = await as(browser, person('bob'));
  await request(page, 'Secure mail', 'Approvers have mail too.');
  await shootAll(page, { queue: '/queue', 'queue-nothing-found': '/queue?search=zzz' });
  await page.goto('/queue');
  const waiting = await page.getByRole('link', { name: 'Open the request' }).first().getAttribute('href');
  await shootAll(page, { 'request-to-decide': waiting ?? '/queue' });
}

async function administrator(browser: Browser): Promise<void> {
  const page = await as(browser, person('carol'));
  await shootAll(page, { overview: '/overview', people: '/people', certificates: '/certificates' });
  await page.goto('/certificates');
  const first = page.locator('main a[href^="/certificates/"]').first();
  await shootAll(page, { 'certificate-of-another': (await first.getAttribute('href')) ?? '/' });
  for (const fold of await page.locator('main summary').all()) {
    await fold.click();
  }
  await shoot(page, 'certificate-of-another-unfolded');
  await page.getByRole('link', { name: 'Request another one like it' }).click();
  await page.getByText('Advanced').click();
  await shoot(page, 'request-for-somebody');
  await visit(page, '/certificates');
  await page.getByRole('checkbox').first().check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await shoot(page, 'certificates-change');
  await shootAll(page, { templates: '/admin/templates', authorities: '/admin/authorities', 'help-authorities': '/help/authorities' });
  for (const fold of await page.locator('main summary').all()) {
    await fold.click();
  }
  await visit(page, '/admin/authorities');
  for (const fold of await page.locator('main summary').all()) {
    await fold.click();
  }
  await shoot(page, 'authorities-unfolded');
  await visit(page, '/admin/templates');
  await page.getByRole('link', { name: 'Secure mail', exact: true }).click();
  await page.locator('h1').waitFor();
  await alive(page);
  await page.getByLabel('Days of validity').fill('200');
  await page.getByText('As it would be for').waitFor();
  await shoot(page, 'template');
  await addNamed(page, 'Farid Rahimi', 'approver');
  await shoot(page, 'people-start-password');
  await visit(page, '/people?search=dmitri');
  await page.getByRole('link', { name: 'Dmitri Volkov' }).click();
  await page.locator('summary', { hasText: 'Disable' }).click();
  await shoot(page, 'person');
}

async function auditor(browser: Browser): Promise<void> {
  const page = await as(browser, person('dave'));
  await shootAll(page, { audit: '/audit', 'audit-verified': '/audit?verify=1&action=issue' });
}

async function shootAll(page: Page, urls: Record<string, string>): Promise<void> {
  for (const [name, url] of Object.entries(urls)) {
    await visit(page, url);
    await shoot(page, name);
  }
}

async function shoot(page: Page, name: string): Promise<void> {
  await alive(page);
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      const file = path.join(folder, `${name}-${width}-${colorScheme}.png`);
      await page.screenshot({ path: file, fullPage: true });
    }
  }
}
