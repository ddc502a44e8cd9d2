// A certificate from elsewhere, made with OpenSSL, is brought along and given out again.
import { mailTo } from '../support/mail-sink';
import { download, fieldError, formError, told, unfold, visit } from '../support/page';
import { foreignPfx, opens } from '../support/pfx';
import { expect, refused, test } from '../support/test';
import { ran } from '../support/tools';

test('a PFX of one’s own comes back under a new password', async ({ add, open, expected }, info) => {
  expected.push(refused);
  const folder = info.outputPath();
  const who = await add();
  const page = await open(who);
  await foreignPfx(folder, who.mailbox, 'from elsewhere');

  // A wrong password is told where it was typed, and nothing is kept.
  await visit(page, '/');
  const form = (await unfold(page, 'Bring a certificate along')).locator('form');
  await form.getByLabel('File (.p12 or .pfx)').setInputFiles(`${folder}/foreign.p12`);
  await form.getByLabel('Password of this file').fill('mistyped');
  await form.getByRole('button', { name: 'Bring it along' }).click();
  await expect(formError(form)).toBeVisible();
  const typed = page.getByLabel('Password of this file');
  await expect(fieldError(form, typed)).toContainText('does not open');
  await expect(typed).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('heading', { name: 'Brought along' })).toHaveCount(0);

  await form.getByLabel('File (.p12 or .pfx)').setInputFiles(`${folder}/foreign.p12`);
  await form.getByLabel('Password of this file').fill('from elsewhere');
  await form.getByRole('button', { name: 'Bring it along' }).click();
  await expect(told(page)).toContainText('It is kept with your certificates now');
  await mailTo(who.mailbox, /Subject: .*was brought along/);

  const mine = page.getByRole('listitem').filter({ has: page.getByText(who.mailbox, { exact: true }) });
  const use = await unfold(mine, 'Use it');
  const show = use.locator('form').filter({ has: page.getByRole('button', { name: 'Show its password' }) });
  await show.getByLabel('Your sign-in password').fill(who.password);
  await show.getByRole('button', { name: 'Show its password' }).click();
  const password = (await page.locator('.secret code').innerText()).trim();
  expect(password).toMatch(/^(\w{4}-){5}\w{4}$/);

  await page.getByRole('link', { name: 'Hide now' }).click();
  await unfold(mine, 'Use it');
  const again = use.locator('form').filter({ has: page.getByRole('button', { name: 'Download it' }) });
  await again.getByRole('radio', { name: 'Thunderbird' }).check();
  await again.getByLabel('Your sign-in password').fill(who.password);
  await download(page, again.getByRole('button', { name: 'Download it' }), `${folder}/back.p12`);
  expect(await opens(folder, 'back.p12', password)).toBe(true);
  expect(await opens(folder, 'back.p12', 'from elsewhere')).toBe(false);
  const key = async (file: string, opened: string) =>
    ran('openssl', ['pkcs12', '-in', file, '-passin', `pass:${opened}`, '-nocerts', '-noenc'], folder);
  const pem = (text: string) => text.slice(text.indexOf('-----BEGIN'));
  expect(pem(await key('back.p12', password))).toBe(pem(await key('foreign.p12', 'from elsewhere')));
});

test('a certificate of somebody else is refused', async ({ add, open, expected }, info) => {
  expected.push(refused);
  const folder = info.outputPath();
  const page = await open(await add());
  await foreignPfx(folder, 'somebody.else@example.com', 'theirs');
  await visit(page, '/');
  const form = (await unfold(page, 'Bring a certificate along')).locator('form');
  await form.getByLabel('File (.p12 or .pfx)').setInputFiles(`${folder}/foreign.p12`);
  await form.getByLabel('Password of this file').fill('theirs');
  await form.getByRole('button', { name: 'Bring it along' }).click();
  await expect(formError(form)).toBeVisible();
  const file = page.getByLabel('File (.p12 or .pfx)');
  await expect(fieldError(form, file)).toContainText('somebody.else@example.com');
  await expect(page.getByRole('heading', { name: 'Brought along' })).toHaveCount(0);
});
