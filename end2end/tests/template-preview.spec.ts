// The preview follows what is typed: what such a certificate says, and what cannot be saved.
import { marked, visit } from '../support/page';
import { person } from '../support/people';
import { fillTemplate, unusedName } from '../support/templates';
import { expect, test } from '../support/test';

test('an impossible validity is told while one types, and gone when it is mended', async ({ open }) => {
  const admin = await open(person('carol'));
  await visit(admin, '/admin/templates/new');
  const isSame = await marked(admin);
  const preview = admin.locator('#preview');
  await fillTemplate(admin, unusedName('Mail for ever'), '365');
  await expect(preview).toContainText('As it would be for Alice Example');
  await expect(preview).toContainText('alice@example.com');
  await expect(preview).not.toContainText('It cannot be saved like this');

  await admin.getByLabel('Days of validity').fill('900');
  await expect(preview).toContainText('It cannot be saved like this');
  await expect(preview).toContainText('Between 1 and 730 days');
  await expect(preview).not.toContainText('As it would be for');

  await admin.getByLabel('Days of validity').fill('365');
  await expect(preview).toContainText('As it would be for Alice Example');
  await expect(preview).not.toContainText('It cannot be saved like this');
  expect(await isSame()).toBe(true);
  await expect(admin).toHaveURL(/\/admin\/templates\/new$/);
});
