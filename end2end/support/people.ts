// People: the demo's and new ones, and signing in as one of them.
import { expect, type Page } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { visit } from './page';

/** What one needs to sign in. */
export interface Person {
  name: string;
  mailbox: string;
  password: string;
}

export type Role = 'employee' | 'approver' | 'admin' | 'auditor';

/** All demo people by their short names; of the common portal, unless told. */
export function people(file = process.env.E2E_PEOPLE): Record<string, Person> {
  if (file === undefined) {
    throw new Error('E2E_PEOPLE is not set: set-up.ts did not run');
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Person>;
}

/** One of them. */
export function person(name: string, file?: string): Person {
  const all = people(file);
  const found = all[name];
  if (found === undefined) {
    throw new Error(`there is no demo person ${name}, only ${Object.keys(all).join(', ')}`);
  }
  return found;
}

/** Signs in with mailbox and password, as a person would. */
export async function signIn(page: Page, who: Person, url = '/sign-in'): Promise<void> {
  await page.goto(url);
  await fillSignIn(page, who.mailbox, who.password);
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}

/** Fills the sign-in page in and sends it. */
export async function fillSignIn(page: Page, mailbox: string, password: string): Promise<void> {
  await page.getByLabel('Mail address').fill(mailbox);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** A name and an address that nobody has yet; `tag` is in the address. */
export function newcomer(tag = 'new'): Omit<Person, 'password'> {
  const own = randomBytes(4).toString('hex');
  return { name: `Nora North ${own}`, mailbox: `nora.${tag}.${own}@example.com` };
}

/** Adds somebody through the administrator's page for people. */
export function addPerson(admin: Page, role: Role, tag: string): Promise<Person> {
  return fillPerson(admin, newcomer(tag), role);
}

/** Adds somebody with this name, whose address comes from it. */
export function addNamed(admin: Page, name: string, role: Role): Promise<Person> {
  const plain = name.normalize('NFD').replace(/[^A-Za-z ]/g, '').toLowerCase();
  const mailbox = `${plain.replaceAll(' ', '.')}@example.com`;
  return fillPerson(admin, { name, mailbox }, role);
}

async function fillPerson(admin: Page, who: Omit<Person, 'password'>, role: Role): Promise<Person> {
  await visit(admin, '/people');
  await admin.getByText('Add a person').click();
  const form = admin.locator('form[action="/people/add"]');
  await form.getByLabel('Name').fill(who.name);
  await form.getByLabel('Mail address').fill(who.mailbox);
  await form.getByLabel('Role').selectOption(role);
  await form.getByRole('button', { name: 'Add' }).click();
  const start = admin.getByRole('region', { name: `Start password for ${who.name}` });
  await expect(start).toBeVisible();
  const password = (await start.locator('code').innerText()).trim();
  return { ...who, password };
}
