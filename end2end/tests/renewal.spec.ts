// Towards the end of a certificate: the mail about it, one click, and the next one.
import type { Page } from '@playwright/test';
import { mailTo } from '../support/mail-sink';
import { told, toCertificate, visit } from '../support/page';
import { fillSignIn } from '../support/people';
import { fetched, opens, takeApart, thumbprint } from '../support/pfx';
import { expect, test } from '../support/aged-portal';
import { status } from '../support/revocation';
import { ran } from '../support/tools';

/** A certificate's card on the first page. */
function cards(page: Page, mailbox: string) {
  return page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: mailbox }) });
}

test('the mail about the end leads to the next certificate', async ({ aged, who, open }, info) => {
  const alice = who('alice');
  const notice = await mailTo(alice.mailbox, /^Subject: .* ends in \d+ days/im, aged.mail);
  expect(notice).toContain('press Renew');
  const link = notice.match(/https:\/\/\S+\/certificates\/[0-9a-f-]+/)?.[0] ?? '';

  // The link asks who one is, and then leads to the certificate.
  const page = await open(undefined, { baseURL: aged.portal.url });
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await fillSignIn(page, alice.mailbox, alice.password);
  await page.waitForURL(link);
  await expect(page.locator('.certificate-head')).toContainText('Ends soon');
  await page.getByRole('button', { name: 'Renew', exact: true }).click();
  await page.waitForURL(/\/requests\//);
  await expect(told(page)).toContainText('The next certificate is being made');
  await toCertificate(page);
  await expect(page.locator('.certificate-head')).toContainText('Valid');

  const before = aged.first('alice');
  const next = await fetched(page, 'Thunderbird', info.outputPath());
  await takeApart(before);
  await takeApart(next);
  expect(await opens(next.folder, 'own.p12', next.password)).toBe(true);
  expect(await opens(next.folder, 'own.p12', before.password)).toBe(false);
  expect(await thumbprint(next.folder)).not.toBe(await thumbprint(before.folder));
  const read = (what: string, folder: string) =>
    ran('openssl', ['x509', '-in', 'leaf.pem', '-noout', what], folder);
  expect(await read('-pubkey', next.folder)).not.toBe(await read('-pubkey', before.folder));
  expect(await read('-email', next.folder)).toBe(await read('-email', before.folder));

  // The old one stays, is good, and leads to the new one; there is nothing left to renew.
  expect(await status(before.folder, aged.portal.pki)).toBe('good');
  expect(await status(next.folder, aged.portal.pki)).toBe('good');
  await visit(page, '/');
  await expect(cards(page, alice.mailbox)).toHaveCount(2);
  const old = cards(page, alice.mailbox).filter({ hasText: 'A newer one takes its place.' });
  await expect(old).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Renew', exact: true })).toHaveCount(0);
  await old.getByRole('link', { name: alice.mailbox }).click();
  await page.getByRole('link', { name: 'See the next one' }).click();
  await expect(page.locator('.certificate-head')).toContainText('Valid');
});
