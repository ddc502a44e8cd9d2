// Pictures of what one seldom sees: the first start, forms that were refused, long names, the ends of
// certificates, pages without JavaScript, errors.
import type { Browser, Page, TestInfo } from '@playwright/test';
import { as, shoot, shootAll, shootStill, unfoldAll } from './pictures';
import { alive, atOnce, choose, issue, request, told, unfold, visit } from './page';
import { addNamed, fillSignIn, newcomer, person, type Person } from './people';
import { foreignPfx } from './pfx';
import { startPortal } from './portal';
import { fillTemplate } from './templates';

const plainly = { javaScriptEnabled: false };
/** As long as a name may be, and as the part of an address before the @. */
const longName = 'Maximiliane Wilhelmina Konstantinopolitanischer-Featherstonehaugh';

/** Set-up, before there is anything. */
export async function firstStart(browser: Browser, info: TestInfo): Promise<void> {
  const portal = await startPortal(info.outputPath('portal'), { isEmpty: true });
  try {
    const page = await as(browser, undefined, { baseURL: portal.url });
    const link = (await portal.log()).match(/Set the portal up, once: (\S+)/)?.[1] ?? '';
    await shootAll(page, { 'set-up-needed': '/', 'set-up': link });
    await page.getByLabel('Name of the organisation').fill('Example Foundation');
    await page.getByLabel('Country').fill('Germany');
    await page.getByLabel('Mail domains').fill('example.org');
    await page.getByLabel('Your name').fill('Ada Archer');
    await page.getByLabel('Your mail address').fill('ada@example.com');
    await page.getByLabel('Choose a password').fill('short');
    await page.getByLabel('The same password again').fill('else');
    await page.getByRole('button', { name: 'Set up the portal' }).click();
    await page.locator('.form-error').waitFor();
    await shoot(page, 'set-up-refused');
  } finally {
    await portal.stop();
  }
}

/** Everything else, in the portal with its people. */
export async function rarePages(browser: Browser, info: TestInfo): Promise<void> {
  const admin = await as(browser, person('carol'));
  await withoutScripts(browser, admin);
  await refusals(browser, admin);
  await longWords(browser, admin);
  await ends(browser, admin);
  await broughtAlong(browser, admin, info.outputPath());
  await authoritiesAndTemplates(admin);
}

async function withoutScripts(browser: Browser, admin: Page): Promise<void> {
  const who = await addNamed(admin, 'Petra Plain', 'employee');
  const page = await as(browser, undefined, plainly);
  await page.goto('/sign-in');
  await fillSignIn(page, who.mailbox, 'mistyped');
  await shootStill(page, 'plain-sign-in-wrong');
  await fillSignIn(page, who.mailbox, who.password);
  await page.waitForURL((url) => url.pathname !== '/sign-in');
  await page.goto('/request');
  await shootStill(page, 'plain-request');
  await choose(page, atOnce);
  await page.getByRole('button', { name: 'Request the certificate' }).click();
  await page.waitForURL(/\/requests\//);
  await shootStill(page, 'plain-request-under-way');
  for (let tries = 0; tries < 60 && !(await page.getByText('Put it on your device').isVisible()); tries += 1) {
    await page.reload();
  }
  await page.getByText('Put it on your device').click();
  await page.getByRole('button', { name: 'Show my password' }).click();
  await page.locator('.secret code').waitFor();
  await shootStill(page, 'plain-password');
  await page.goto('/certificates/none');
  await shootStill(page, 'plain-nothing-here');

  const plainAdmin = await as(browser, person('carol'), plainly);
  await plainAdmin.goto('/people');
  await plainAdmin.getByText('Add a person').click();
  const form = plainAdmin.locator('form[action="/people/add"]');
  await form.getByLabel('Name').fill('Paula Plain');
  await form.getByLabel('Mail address').fill('paula@elsewhere.org');
  await form.getByRole('button', { name: 'Add' }).click();
  await plainAdmin.locator('.form-error').waitFor();
  await shootStill(plainAdmin, 'plain-people-refused');
  await plainAdmin.goto('/queue');
  await shootStill(plainAdmin, 'plain-queue');
}

async function refusals(browser: Browser, admin: Page): Promise<void> {
  const page = await as(browser, await addNamed(admin, 'Rita Refused', 'employee'));
  await page.keyboard.press('Tab');
  await shoot(page, 'keyboard-skip-link');
  await visit(page, '/request');
  await page.getByRole('radio').first().check();
  await page.getByRole('button', { name: 'Request the certificate' }).click();
  await page.locator('.form-error').waitFor();
  await shoot(page, 'request-refused');
  await visit(page, '/account');
  await page.getByLabel('Current password').fill('mistyped');
  await page.getByLabel('New password', { exact: true }).fill('short');
  await page.getByLabel('New password again').fill('other');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.locator('.form-error').waitFor();
  await shoot(page, 'account-refused');
  // What the server says by itself: this address cannot be written to.
  await page.evaluate(() => {
    const form = document.createElement('form');
    Object.assign(form, { method: 'post', action: '/overview' });
    document.body.append(form);
    form.submit();
  });
  await page.locator('.error-page').waitFor();
  await shootStill(page, 'error-page');
  await visit(admin, '/certificates?ends_to=soon');
  await shoot(admin, 'certificates-filter-refused');
  await shootAll(admin, { 'certificates-nothing-found': '/certificates?search=nobody', 'people-nothing-found': '/people?search=zzz' });
  await shootAll(admin, { 'person-none': '/people/none', 'queue-of-admin': '/queue' });
}

async function longWords(browser: Browser, admin: Page): Promise<void> {
  const who = await addNamed(admin, longName.slice(0, 64), 'employee');
  await shoot(admin, 'long-start-password');
  const page = await as(browser, who);
  await request(page, 'Secure mail', 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen'.repeat(4));
  await shoot(page, 'long-request');
  await issue(page);
  await unfoldAll(page);
  await shoot(page, 'long-certificate-unfolded');
  await shootAll(page, { 'long-my-certificates': '/', 'long-account': '/account' });
  const search = encodeURIComponent(who.mailbox.slice(0, 20));
  await shootAll(admin, {
    'long-people': `/people?search=${search}`,
    'long-queue': `/queue?search=${search}`,
    'long-certificates': `/certificates?search=${search}`,
    'long-audit': `/audit?actor=${search}`,
  });
  await visit(admin, `/people?search=${search}`);
  await admin.locator('main tbody a').first().click();
  await admin.locator('.person').waitFor();
  await unfoldAll(admin);
  await shoot(admin, 'long-person-unfolded');
}

/** Held, revoked, and a request that was withdrawn or rejected. */
async function ends(browser: Browser, admin: Page): Promise<void> {
  const who = await addNamed(admin, 'Edgar Ending', 'employee');
  const page = await as(browser, who);
  await issue(page);
  const certificate = new URL(page.url()).pathname;
  await unfold(page, 'Report lost');
  await shoot(page, 'certificate-report-lost');
  await visit(admin, `/certificates?search=${who.mailbox}`);
  await admin.getByRole('checkbox').first().check();
  await admin.getByLabel('Change').selectOption('hold');
  await admin.getByRole('button', { name: 'Continue' }).click();
  await shoot(admin, 'certificates-change-hold');
  await admin.getByRole('button', { name: 'Hold' }).click();
  await admin.getByText('1 certificate done').waitFor();
  await shoot(admin, 'certificates-changed');
  await shootAll(page, { 'certificate-held': certificate, 'my-certificates-held': '/' });
  await visit(admin, certificate);
  await shoot(admin, 'certificate-held-of-another');
  const form = await unfold(admin, 'Revoke');
  await form.getByRole('button', { name: 'Revoke' }).click();
  await told(admin).waitFor();
  await shoot(admin, 'certificate-revoked-of-another');
  await shootAll(page, { 'certificate-revoked': certificate, 'my-certificates-revoked': '/' });
  await request(page, 'Secure mail', 'Another one, please.');
  const asked = new URL(page.url()).pathname;
  await unfold(page, 'Withdraw this request');
  await shoot(page, 'request-withdraw');
  await page.getByRole('button', { name: 'Withdraw', exact: true }).click();
  await page.waitForURL((url) => url.pathname === '/');
  await shootAll(page, { 'request-withdrawn': asked });
}

async function broughtAlong(browser: Browser, admin: Page, folder: string): Promise<void> {
  const who: Person = await addNamed(admin, newcomer().name, 'employee');
  await foreignPfx(folder, who.mailbox, 'from elsewhere');
  const page = await as(browser, who);
  await visit(page, '/');
  const form = (await unfold(page, 'Bring a certificate along')).locator('form');
  const send = async (password: string) => {
    await form.getByLabel('File (.p12 or .pfx)').setInputFiles(`${folder}/foreign.p12`);
    await form.getByLabel('Password of this file').fill(password);
    await form.getByRole('button', { name: 'Bring it along' }).click();
  };
  await send('mistyped');
  await page.locator('.form-error').waitFor();
  await shoot(page, 'import-refused');
  await send('from elsewhere');
  await told(page).waitFor();
  await alive(page);
  await shoot(page, 'imported');
  await unfoldAll(page);
  await shoot(page, 'imported-unfolded');
}

/** Last, as it changes which authority signs. */
async function authoritiesAndTemplates(admin: Page): Promise<void> {
  await visit(admin, '/admin/authorities');
  const make = await unfold(admin, 'New issuing authority');
  await make.getByLabel('Name').fill('Elsewhere CA 1');
  await make.getByLabel('Key', { exact: true }).selectOption('P-384');
  await make.getByLabel('Only for these domains').fill('elsewhere.org');
  await make.getByRole('button', { name: 'Make it' }).click();
  await told(admin).waitFor();
  await visit(admin, '/admin/templates/new');
  await shoot(admin, 'template-new');
  await fillTemplate(admin, 'Mail of ours', '365');
  await admin.getByLabel('Who signs').selectOption('Elsewhere CA 1');
  await admin.getByText('It would not be signed').waitFor();
  await shoot(admin, 'template-finding');
  await admin.getByRole('button', { name: 'Add the template' }).click();
  await admin.locator('.form-error').waitFor();
  await shoot(admin, 'template-refused');
}
