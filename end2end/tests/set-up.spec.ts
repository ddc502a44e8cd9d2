// The first start of a real portal: one link, once.
import { visit } from '../support/page';
import { signIn } from '../support/people';
import { startPortal, type Portal } from '../support/portal';
import { expect, refused, test as base } from '../support/test';

const test = base.extend<{ portal: Portal }>({
  portal: async ({}, use, info) => {
    const portal = await startPortal(info.outputPath('portal'), { isEmpty: true });
    await use(portal);
    await portal.stop();
  },
});

test('the first administrator sets the portal up with the link', async ({ portal, open, expected }) => {
  expected.push(refused);
  const page = await open(undefined, { baseURL: portal.url });
  await visit(page, '/');
  await expect(page.getByText("Open the link from the server's log")).toBeVisible();
  await visit(page, '/set-up?token=not-the-one');
  await expect(page.getByText('This link does not work any more')).toBeVisible();

  const link = (await portal.log()).match(/Set the portal up, once: (\S+)/)?.[1] ?? '';
  await visit(page, link);
  const admin = { name: 'Ada Archer', mailbox: 'ada@example.org', password: 'otter velvet comet basin' };
  const fill = async (fields: Record<string, string>) => {
    for (const [label, value] of Object.entries(fields)) {
      await page.getByLabel(label).fill(value);
    }
    await page.getByRole('button', { name: 'Set up the portal' }).click();
  };
  await fill({
    'Name of the organisation': 'Example Foundation',
    Country: 'Germany',
    'Mail domains': 'example.org',
    'Your name': admin.name,
    'Your mail address': 'ada@example.com',
    'Choose a password': 'short',
    'The same password again': 'else',
  });
  const problems = page.locator('.field-error:not(:empty)');
  await expect(problems).toHaveText([
    /two letters/,
    /not in one of the mail domains/,
    /at least 12 characters/,
    /not the same/,
  ]);
  await expect(page.getByLabel('Country')).toBeFocused();
  await expect(page.getByLabel('Your name')).toHaveValue(admin.name);

  await fill({
    Country: 'de',
    'Your mail address': admin.mailbox,
    'Choose a password': admin.password,
    'The same password again': admin.password,
  });
  await page.waitForURL((url) => url.pathname !== '/set-up', { timeout: 45_000 });
  await expect(page.getByRole('link', { name: admin.name })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Example Foundation' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'People' })).toBeVisible();

  await visit(page, link);
  await expect(page.getByText('This link does not work any more')).toBeVisible();
  await signIn(await open(undefined, { baseURL: portal.url }), admin);
});
