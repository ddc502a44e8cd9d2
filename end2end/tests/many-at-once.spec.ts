// The same for many certificates: counted first, confirmed, done to each and to no other.
import type { Page } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { arrived, attachment, mailTo } from '../support/mail-sink';
import { visit } from '../support/page';
import { person, type Person } from '../support/people';
import { obtain, opens, takeApart, type Pfx } from '../support/pfx';
import { status } from '../support/revocation';
import { expect, test as base } from '../support/test';

interface Holder extends Person {
  pfx: Pfx;
}

/** Three people with a certificate each, whom nobody else has in common, and what finds them. */
const test = base.extend<{ three: { tag: string; holders: Holder[] } }>({
  three: async ({ add, open }, use, info) => {
    // Not a number alone: that would be looked for among serials.
    const tag = `team${randomBytes(4).toString('hex')}`;
    const holders: Holder[] = [];
    for (const name of ['first', 'second', 'third']) {
      const who = await add('employee', tag);
      const pfx = await obtain(await open(who), 'Thunderbird', info.outputPath(name));
      await takeApart(pfx);
      holders.push({ ...who, pfx });
    }
    await use({ tag, holders });
  },
});

test.describe.configure({ timeout: 120_000 });

/** Says what is to be done, and goes to the page that counts. */
async function ask(admin: Page, change: string, which: string): Promise<void> {
  await admin.getByLabel('Change', { exact: true }).selectOption(change);
  await admin.getByLabel('Which').selectOption(which);
  await admin.getByRole('button', { name: 'Continue' }).click();
  await expect(admin.getByRole('heading', { name: 'Change certificates' })).toBeVisible();
}

test('two of three are revoked, after they were counted', async ({ three, open }) => {
  const admin = await open(person('carol'));
  const [first, second, third] = three.holders as [Holder, Holder, Holder];
  await visit(admin, `/certificates?search=${three.tag}`);
  await expect(admin.getByText('3 certificates', { exact: true })).toBeVisible();
  for (const { mailbox } of [first, second]) {
    await admin.getByRole('checkbox', { name: `Select ${mailbox}` }).check();
  }
  await ask(admin, 'Revoke', 'the selected ones');
  await expect(admin.getByText('This revokes 2 certificates of 2 people.')).toBeVisible();
  for (const { pfx } of three.holders) {
    expect(await status(pfx.folder)).toBe('good');
  }

  await admin.getByLabel('Reason').selectOption('superseded');
  await admin.getByLabel('Comment').fill('The new ones are with you already.');
  await admin.getByRole('button', { name: 'Revoke' }).click();
  await expect(admin.getByRole('heading', { name: 'Revoke: 2 certificates done' })).toBeVisible();
  for (const { pfx, mailbox } of [first, second]) {
    await expect(admin.getByRole('listitem').filter({ hasText: mailbox })).toContainText('done');
    expect(await status(pfx.folder)).toBe('revoked: Superseded');
    await mailTo(mailbox, 'The new ones are with you already.');
  }
  expect(await status(third.pfx.folder)).toBe('good');

  // Once more for everything that is found: those that are revoked already are told and left.
  await visit(admin, `/certificates?search=${three.tag}`);
  await ask(admin, 'Revoke', 'everything that is found');
  await expect(admin.getByText('This revokes 1 certificate of 1 person.')).toBeVisible();
  await expect(admin.getByRole('listitem').filter({ hasText: /^2 certificates that/ })).toBeVisible();
  await admin.getByRole('link', { name: 'Back, change nothing' }).click();
  await expect(admin.getByText('3 certificates', { exact: true })).toBeVisible();
  expect(await status(third.pfx.folder)).toBe('good');
});

test('everything that is found is delivered, each to its owner', async ({ three, open }) => {
  const admin = await open(person('carol'));
  await visit(admin, `/certificates?search=${three.tag}`);
  await ask(admin, 'Deliver again', 'everything that is found');
  await expect(admin.getByText('This sends 3 certificates to 3 people by mail.')).toBeVisible();
  await admin.getByRole('button', { name: 'Deliver again' }).click();
  await expect(admin.getByRole('heading', { name: 'Deliver again: 3 certificates done' })).toBeVisible();
  for (const { mailbox, pfx } of three.holders) {
    const mail = await arrived(mailbox, /Subject: .*once more/);
    await writeFile(`${pfx.folder}/mailed.p12`, attachment(mail, 'application/x-pkcs12'));
    expect(await opens(pfx.folder, 'mailed.p12', pfx.password)).toBe(true);
    for (const other of three.holders.filter((one) => one.mailbox !== mailbox)) {
      expect(await opens(pfx.folder, 'mailed.p12', other.pfx.password)).toBe(false);
    }
  }
});
