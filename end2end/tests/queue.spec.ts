// Approvers at work. Each test searches for its own requesters, so that tests do not meet.
import { randomBytes } from 'node:crypto';
import { mailTo } from '../support/mail-sink';
import { formError, request, visit } from '../support/page';
import { person, type Person } from '../support/people';
import { expect, refused, test } from '../support/test';

const template = 'Secure mail';
const search = (who: Person) => `/queue?search=${who.mailbox}`;

/** Three people with a request each, and the queue with these three. */
const withThree = test.extend<{ three: string }>({
  three: async ({ add, open }, use) => {
    const tag = randomBytes(4).toString('hex');
    for (const reason of ['For customers', 'For suppliers', 'For the board']) {
      await request(await open(await add('employee', tag)), template, reason);
    }
    await use(`/queue?search=${tag}`);
  },
});

withThree('several requests are approved at once', async ({ three, open }) => {
  const page = await open(person('bob'));
  await visit(page, three);
  await expect(page.getByRole('checkbox')).toHaveCount(3);
  await page.getByRole('button', { name: 'Tick all' }).click();
  await expect(page.getByText('3 of 3 requests ticked')).toBeVisible();
  await page.getByRole('checkbox').last().uncheck();
  await page.getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByText('2 approved.')).toBeVisible();
  await expect(page.getByRole('checkbox')).toHaveCount(1);
});

test('a rejection needs a reason, and the person gets it', async ({ add, open, expected }) => {
  expected.push(refused);
  const who = await add();
  const hers = await open(who);
  await request(hers, template, 'Please');
  const page = await open(person('bob'));
  await visit(page, search(who));
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Reject' }).click();
  await expect(page.getByLabel('Reason', { exact: false })).toBeFocused();
  await expect(page.locator('.bulk-reason')).toContainText('Please say why');
  await page.getByLabel('Reason').fill('Use the one that you have.');
  await page.getByRole('button', { name: 'Reject' }).click();
  await expect(page.getByText('1 rejected.')).toBeVisible();
  await expect(page.getByText('Nothing found')).toBeVisible();
  await expect(hers.locator('.live-request-head')).toContainText('Rejected');
  await expect(hers.getByText('Use the one that you have.').first()).toBeVisible();
  await mailTo(who.mailbox, 'Use the one that you have.');
});

withThree('the keyboard is enough', async ({ three, open }) => {
  const page = await open(person('bob'));
  await visit(page, three);
  const ticks = page.getByRole('checkbox');
  await ticks.first().focus();
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await expect(ticks.nth(1)).toBeFocused();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await expect(page.getByText('2 of 3 requests ticked')).toBeVisible();
  await page.keyboard.press('k');
  await expect(ticks.nth(1)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(ticks).toHaveCount(3);
  await page.keyboard.press('a');
  await expect(page.getByText('2 approved.')).toBeVisible();

  await expect(ticks).toHaveCount(1);
  await page.locator('html[data-alive]').waitFor();
  await ticks.focus();
  await page.keyboard.press('x');
  await page.keyboard.press('r');
  await expect(page.getByLabel('Reason')).toBeFocused();
  await page.keyboard.type('ajar, x-ray');
  await expect(page.getByLabel('Reason')).toHaveValue('ajar, x-ray');
  await expect(page.getByText('1 of 1 request ticked')).toBeVisible();
});

test('of two approvers the second is told who was first', async ({ add, open, expected }) => {
  expected.push(refused);
  const [who, other] = [await add(), await add('approver')];
  await request(await open(who), template, 'Please');
  const [his, theirs] = [await open(person('bob')), await open(other)];
  for (const page of [his, theirs]) {
    await visit(page, search(who));
    await page.getByRole('checkbox').check();
  }
  await theirs.getByRole('button', { name: 'Approve' }).click();
  await expect(theirs.getByText('1 approved.')).toBeVisible();
  await his.getByLabel('Reason').fill('No.');
  await his.getByRole('button', { name: 'Reject' }).click();
  await expect(formError(his)).toContainText('Nothing was rejected.');
  await expect(formError(his)).toContainText(`it was already approved by ${other.name}`);
});

test('nobody decides their own request', async ({ add, open }) => {
  const who = await add('approver');
  const page = await open(who);
  const url = await request(page, template, 'Approvers have mail too.');
  await expect(page.getByRole('button', { name: 'Approve' })).toHaveCount(0);
  await visit(page, search(who));
  await expect(page.getByText('This is your own request; somebody else decides it.')).toBeVisible();
  await expect(page.getByRole('checkbox')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Approve' })).toHaveCount(0);

  const his = await open(person('bob'));
  await visit(his, url);
  await his.getByRole('button', { name: 'Approve' }).click();
  await expect(his.locator('.live-request-head')).not.toContainText('Waiting');
});

test('what is typed for a decision stays when the page begins to follow', async ({ add, open }) => {
  const hers = await open(await add());
  const url = await request(hers, template, 'For customers');
  const page = await open(person('bob'));
  let begin = () => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  await page.route('**/events', async (route) => {
    await begun;
    await route.continue();
  });
  await visit(page, url);
  await page.getByLabel('Reason').fill('Not like this');
  const following = page.waitForResponse((response) => response.url().endsWith('/events'));
  begin();
  await following;
  // The answer to this comes after whatever the stream began with.
  await page.evaluate(() => fetch('/api/ui/read/site'));
  await expect(page.getByLabel('Reason')).toHaveValue('Not like this');

  // A real change is followed.
  await hers.getByText('Withdraw this request').click();
  await hers.getByRole('button', { name: 'Withdraw', exact: true }).click();
  await expect(page.locator('.live-request-head')).toContainText('Withdrawn');
});
