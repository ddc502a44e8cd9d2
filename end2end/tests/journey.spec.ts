// From a request to a certificate on a device: the requester, the approver, the mails between.
import { mailTo, mailsTo } from '../support/mail-sink';
import { alive, download, request, revealed, visit } from '../support/page';
import { person } from '../support/people';
import { expect, test } from '../support/test';

test('a request is approved and becomes a certificate', async ({ open }, info) => {
  const [alice, bob] = [person('alice'), person('bob')];
  const hers = await open(alice);
  const reason = 'I write to customers about contracts.';

  const url = await request(hers, 'Secure mail', reason);
  await expect(hers.getByText('Your request is with the approvers.')).toBeVisible();
  await expect(hers.locator('.live-request-head')).toContainText('Waiting');
  expect(await mailTo(alice.mailbox, /^Subject: .*request/im)).toContain(url);
  const asked = await mailTo(bob.mailbox, `Subject: Please decide: certificate for ${alice.mailbox}`);
  expect(asked).toContain(alice.name);
  expect(asked).toContain(reason);
  expect(asked).toContain('/queue');

  const his = await open(bob);
  await visit(his, `/queue?search=${alice.mailbox}`);
  const card = his.getByRole('listitem').filter({ hasText: reason }).first();
  await expect(card).toContainText(alice.mailbox);
  await card.getByRole('checkbox').check();
  await his.getByRole('button', { name: 'Approve' }).click();
  await expect(his.getByText('1 approved.')).toBeVisible();

  // Her page was open all the time and nobody touches it.
  const ready = hers.getByRole('link', { name: 'Put it on your device' });
  await expect(ready).toBeVisible({ timeout: 30_000 });
  await expect(hers.locator('.live-request-head')).toContainText('Ready');
  await expect(hers.getByText('Bundled and ready')).toBeVisible();
  expect(await mailTo(alice.mailbox, /Your certificate is ready/)).toContain('/certificates/');

  await ready.click();
  await expect(hers.getByRole('heading', { level: 1 })).toHaveText('Certificate');
  await alive(hers);
  const password = await revealed(hers);
  expect(password).toMatch(/^([A-HJ-NP-Z2-9]{4}-){5}[A-HJ-NP-Z2-9]{4}$/);
  expect(await hers.content()).not.toContain(`="${password}"`);
  await hers.getByRole('button', { name: 'Hide now' }).click();
  await expect(hers.locator('.secret')).toHaveCount(0);
  expect(await hers.content()).not.toContain(password);

  await hers.getByRole('radio', { name: 'iPhone or iPad' }).check();
  await expect(hers.getByRole('heading', { name: 'Mail on iPhone or iPad' })).toBeVisible();
  const answer = hers.waitForResponse((response) => response.url().endsWith('/download'));
  const button = hers.getByRole('button', { name: 'Download certificate' });
  const name = await download(hers, button, info.outputPath('alice.p12'));
  expect(name).toMatch(/^alice@example\.com-\d{6}\.p12$/);
  const headers = (await answer).headers();
  expect(headers['content-type']).toBe('application/x-pkcs12');
  expect(headers['cache-control']).toBe('no-store');

  await mailTo(alice.mailbox, /Subject: .*was downloaded/);
  const sent = (await mailsTo(alice.mailbox)).map((mail) => mail.source).join();
  expect(sent).not.toContain(password);
  await visit(hers, '/');
  await expect(hers.getByRole('link', { name: 'Put it on another device' })).toBeVisible();
});

test('asking twice gives one request, which can be withdrawn', async ({ add, open }) => {
  const page = await open(await add());
  await request(page, 'Secure mail', 'For a trial.');
  await request(page, 'Secure mail', 'Once more.');
  await expect(page.getByText('You have already requested this; here it is.')).toBeVisible();
  await page.getByText('Withdraw this request').click();
  await page.getByRole('button', { name: 'Withdraw' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Withdrawn' })).toBeVisible();
});
