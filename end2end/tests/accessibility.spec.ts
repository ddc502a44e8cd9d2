// Every page for the role it is for, empty and filled, right and wrong: no finding of axe for WCAG
// 2.2 AA, narrow and wide, light and dark, and nothing to scroll sideways on a phone.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { alive, formError, issue, request, revealed, visit } from '../support/page';
import { addPerson, fillSignIn, person } from '../support/people';
import { expect, refused, test } from '../support/test';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

/** Judges the page as it is. */
async function judge(page: Page, what: string): Promise<void> {
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
      const found = violations.flatMap((one) =>
        one.nodes.map((node) => `${one.id}: ${node.html} ${node.failureSummary}`),
      );
      expect.soft(found, `${what}, ${width} px, ${colorScheme}`).toEqual([]);
    }
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect.soft(beyond, `${what}: pixels beyond ${width}`).toBeLessThanOrEqual(0);
  }
}

async function judgeAll(page: Page, urls: string[]): Promise<void> {
  for (const url of urls) {
    await visit(page, url);
    await judge(page, url);
  }
}

test.describe.configure({ timeout: 120_000 });

test('pages for everybody', async ({ open, expected }) => {
  expected.push(refused);
  const page = await open();
  await judgeAll(page, ['/sign-in', '/help/authorities', '/no-such-page', '/set-up?token=old']);
  await visit(page, '/sign-in');
  await fillSignIn(page, 'nobody@example.com', 'wrong');
  await expect(formError(page)).toBeVisible();
  await judge(page, 'refused sign-in');
});

test('pages of an employee', async ({ add, open, expected }) => {
  expected.push(refused);
  const page = await open(await add());
  await judgeAll(page, ['/', '/request', '/account', '/account/tokens', '/queue', '/certificates/none']);

  await visit(page, '/request');
  await page.getByRole('radio').first().check();
  await page.getByRole('button', { name: 'Request the certificate' }).click();
  await expect(formError(page)).toBeVisible();
  await judge(page, 'refused request');
  await request(page, 'Secure mail', 'I write to customers about contracts and their many details.');
  await judge(page, 'waiting request');
  await page.getByText('Withdraw this request').click();
  await page.getByRole('button', { name: 'Withdraw' }).click();
  await page.waitForURL((url) => url.pathname === '/');
});

test('pages of a certificate', async ({ add, open }) => {
  const who = await add();
  const page = await open(who);
  await issue(page);
  await alive(page);
  await page.getByText('It says the password is wrong').click();
  await page.getByText('Technical details').click();
  await judge(page, 'certificate');
  await revealed(page);
  await judge(page, 'certificate with its password');
  await page.getByRole('link', { name: 'How it came about' }).click();
  await expect(page.getByText('Bundled and ready')).toBeVisible();
  await judge(page, 'finished request');
  await judgeAll(page, ['/']);
  await page.getByText('Open my old mail').click();
  await page.getByText('Bring a certificate along').click();
  await judge(page, 'old mail');

  const admin = await open(person('carol'));
  await judgeAll(admin, [`/certificates?search=${who.mailbox}`]);
  await admin.getByRole('checkbox').first().check();
  await admin.getByRole('button', { name: 'Continue' }).click();
  await expect(admin.getByText('This revokes 1 certificate of 1 person.')).toBeVisible();
  await judge(admin, 'change of certificates');
  await admin.goBack();
  await admin.getByRole('link', { name: who.mailbox }).first().click();
  await admin.getByRole('link', { name: 'Request another one like it' }).click();
  await admin.getByText('Advanced').click();
  await judge(admin, 'request for somebody');
  await admin.goBack();
  await expect(admin.getByText('Only its owner can show the password')).toBeVisible();
  for (const fold of await admin.locator('main summary').all()) {
    await fold.click();
  }
  await judge(admin, 'certificate of somebody else');
});

test('pages of an approver', async ({ add, open }) => {
  const url = await request(await open(await add()), 'Secure mail', 'For customers.');
  const page = await open(await add('approver'));
  await request(page, 'Secure mail', 'Approvers have mail too.');
  await judgeAll(page, ['/queue?search=nobody', '/queue', url]);
  await page.getByLabel('Reason').fill('You have one.');
  await page.getByRole('button', { name: 'Reject' }).click();
  await expect(page.locator('.live-request-head')).toContainText('Rejected');
  await alive(page);
  await judge(page, 'rejected request');
});

test('pages of an administrator', async ({ open, expected }) => {
  expected.push(refused);
  const page = await open(person('carol'));
  await judgeAll(page, ['/overview', '/people', '/people?search=nobody', '/admin/authorities', '/audit', '/queue']);
  await addPerson(page, 'employee', 'new');
  await judge(page, 'start password');
  await page.getByRole('link', { name: 'their page' }).click();
  await expect(page.getByRole('heading', { name: 'Change', exact: true })).toBeVisible();
  for (const fold of ['Reset password', 'Disable']) {
    await page.locator('summary', { hasText: fold }).click();
  }
  await judge(page, 'person');
  await visit(page, '/people');
  await page.getByText('Add a person').click();
  const form = page.locator('form[action="/people/add"]');
  await form.getByLabel('Name').fill('Somebody');
  await form.getByLabel('Mail address').fill('somebody@elsewhere.org');
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(formError(form)).toBeVisible();
  await judge(page, 'person refused');
});

test('pages of templates', async ({ open, expected }) => {
  expected.push(refused);
  const page = await open(person('carol'));
  await judgeAll(page, ['/admin/templates', '/admin/templates/new']);
  await page.getByRole('button', { name: 'Add the template' }).waitFor();
  await page.getByLabel('Name', { exact: true }).fill('Mail for a while');
  await page.getByLabel('What it is for').fill('Mail for a while.');
  await expect(page.locator('#preview')).toContainText('As it would be for Alice Example');
  await page.getByLabel('Days of validity').fill('0');
  await expect(page.locator('#preview')).toContainText('It cannot be saved like this');
  await judge(page, 'template with its preview');
  await visit(page, '/admin/templates');
  await page.getByRole('link', { name: 'Secure mail', exact: true }).click();
  await page.getByText('Withdraw', { exact: true }).click();
  await judge(page, 'template');
  const auditor = await open(person('dave'));
  await judgeAll(auditor, ['/admin/templates', new URL(page.url()).pathname]);
});

test('pages of an auditor', async ({ open }) => {
  const page = await open(person('dave'));
  await judgeAll(page, ['/audit?verify=1', '/audit?actor=nobody', '/people', '/overview', '/certificates']);
  await visit(page, '/people?search=carol');
  await page.getByRole('link', { name: 'Carol Clark' }).click();
  await expect(page.getByRole('heading', { name: 'Carol Clark' })).toBeVisible();
  await judge(page, 'person as an auditor sees them');
});
