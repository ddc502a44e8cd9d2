// An address where nothing is: the app's own page, alive, with the way back.
import { visit } from '../support/page';
import { person } from '../support/people';
import { expect, refused, test } from '../support/test';

test('an unknown address has a page', async ({ open, expected }) => {
  expected.push(refused);
  const page = await open(person('alice'));
  await visit(page, '/no/such/page');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no such page');
  await page.getByRole('navigation').getByRole('link', { name: 'My certificates' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('My certificates');

  const stranger = await open();
  await visit(stranger, '/no/such/page');
  await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('There is no such page');
  await stranger.getByRole('main').getByRole('link', { name: 'My certificates' }).click();
  await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('Sign in');
});
