// What the linter would refuse is told in the preview of a template, before anybody requests it.
import { expect, refused, test } from '../support/own-portal';
import { formError, marked, told, unfold, visit } from '../support/page';
import { fillTemplate } from '../support/templates';

test('the linter’s finding comes and goes with the authority that is chosen', async ({ as, expected }) => {
  expected.push(refused);
  const admin = await as('carol');
  await visit(admin, '/admin/authorities');
  const make = await unfold(admin, 'New issuing authority');
  await make.getByLabel('Name').fill('Elsewhere CA 1');
  await make.getByLabel('Key', { exact: true }).selectOption('P-384');
  await make.getByLabel('Only for these domains').fill('elsewhere.org');
  await make.getByRole('button', { name: 'Make it' }).click();
  await expect(told(admin)).toContainText('Elsewhere CA 1 is ready');

  await visit(admin, '/admin/templates/new');
  const isSame = await marked(admin);
  const [preview, signer] = [admin.locator('#preview'), admin.getByLabel('Who signs')];
  await fillTemplate(admin, 'Mail of ours', '365');
  await signer.selectOption('Example Corporation Issuing CA 1');
  await expect(preview).toContainText('Example Corporation Issuing CA 1');
  await expect(preview).not.toContainText('It would not be signed');

  await signer.selectOption('Elsewhere CA 1');
  await expect(preview).toContainText('It would not be signed');
  await expect(preview).toContainText('the authority may not issue for example.com');
  await admin.getByRole('button', { name: 'Add the template' }).click();
  await expect(formError(admin)).toBeVisible();
  await expect(admin.getByText('Such a certificate would not be signed')).toBeVisible();

  await signer.selectOption('Example Corporation Issuing CA 1');
  await expect(preview).not.toContainText('It would not be signed');
  await expect(preview).toContainText('As it would be for Alice Example');
  expect(await isSame()).toBe(true);
  await admin.getByRole('button', { name: 'Add the template' }).click();
  await expect(told(admin)).toContainText('Mail of ours is added and offered from now on.');
});
