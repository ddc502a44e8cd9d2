// Pictures of every page in three widths, light and dark, with an office's worth of data.
import { test, type Browser } from '@playwright/test';
import { rm } from 'node:fs/promises';
import { as, folder, shoot, shootAll, unfoldAll } from './pictures';
import { alive, issue, request, revealed, visit } from './page';
import { addNamed, fillSignIn, person } from './people';
import { firstStart, rarePages } from './rare-pages';
import { samplePages } from './sample-pages';

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

test('what one seldom sees', async ({ browser }, info) => {
  await firstStart(browser, info);
  await rarePages(browser, info);
});

test('pages with sample data, and mails', ({ browser }) => samplePages(browser));

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
  await unfoldAll(other);
  await shoot(other, 'certificate-unfolded');
  await revealed(other);
  await shoot(other, 'certificate-password');
  await other.getByRole('link', { name: 'How it came about' }).click();
  await other.getByText('Bundled and ready').waitFor();
  await shoot(other, 'request-ready');
  await shootAll(other, { 'my-certificates': '/', account: '/account', tokens: '/account/tokens' });
  await other.getByLabel('Name').fill('mail gateway');
  await other.getByRole('button', { name: 'Make token' }).click();
  await other.getByText('It is shown only now.').waitFor();
  await shoot(other, 'tokens-made');
  await visit(other, '/');
  await unfoldAll(other);
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
  await unfoldAll(page);
  await shoot(page, 'certificate-of-another-unfolded');
  await page.getByRole('link', { name: 'Request another one like it' }).click();
  await page.getByText('Advanced').click();
  await shoot(page, 'request-for-somebody');
  await visit(page, '/certificates');
  await page.getByRole('checkbox').first().check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await shoot(page, 'certificates-change');
  await shootAll(page, { templates: '/admin/templates', authorities: '/admin/authorities', 'help-authorities': '/help/authorities' });
  await visit(page, '/admin/authorities');
  await unfoldAll(page);
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
