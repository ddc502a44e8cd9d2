// The download form guesses the device, and never changes what somebody has chosen.
import { alive, issue } from '../support/page';
import { expect, test } from '../support/test';

test('what is chosen before the page is alive stays chosen', async ({ add, open }) => {
  const page = await open(await add());
  await issue(page);
  for (const device of ['Android', 'Windows']) {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route(/\.wasm$/, async (route) => {
      await released;
      await route.continue();
    });
    await page.goto(page.url(), { waitUntil: 'commit' });
    // This browser says that it runs on Linux.
    await expect(page.getByRole('radio', { name: 'Thunderbird' })).toBeChecked();
    await page.getByRole('radio', { name: device }).check();
    await expect(page.locator('html[data-alive]')).toHaveCount(0);
    release();
    await alive(page);
    await expect(page.getByRole('radio', { name: device })).toBeChecked();
    await page.unroute(/\.wasm$/);
  }
});
