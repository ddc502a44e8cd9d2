// Templates, as an administrator adds and changes them.
import { expect, type Page } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { alive, told, visit } from './page';

/** A name that no template has yet. */
export function unusedName(words: string): string {
  return `${words} ${randomBytes(4).toString('hex')}`;
}

/** Fills in what a test cares for. */
export async function fillTemplate(admin: Page, name: string, days: string): Promise<void> {
  await admin.getByLabel('Name', { exact: true }).fill(name);
  await admin.getByLabel('What it is for').fill('Mail for as long as a project lasts.');
  await admin.getByLabel('Days of validity').fill(days);
  await admin.getByLabel('How many people decide').fill('0');
}

/** Adds a template for mail that nobody has to approve, and stays on its page. */
export async function addTemplate(admin: Page, name: string, days: string): Promise<void> {
  await visit(admin, '/admin/templates');
  await admin.getByRole('link', { name: 'Add a template' }).click();
  await admin.getByRole('button', { name: 'Add the template' }).waitFor();
  await alive(admin);
  await fillTemplate(admin, name, days);
  await admin.getByRole('button', { name: 'Add the template' }).click();
  await expect(told(admin)).toContainText('is added and offered from now on');
  await alive(admin);
}
