// The demo people, and signing in as one of them.
import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';

/** What one needs to sign in. */
export interface Person {
  mailbox: string;
  password: string;
}

/** All demo people by their short names. */
export function people(): Record<string, Person> {
  const file = process.env.E2E_PEOPLE;
  if (file === undefined) {
    throw new Error('E2E_PEOPLE is not set: set-up.ts did not run');
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Person>;
}

/** One of them. */
export function person(name: string): Person {
  const all = people();
  const found = all[name];
  if (found === undefined) {
    throw new Error(`there is no demo person ${name}, only ${Object.keys(all).join(', ')}`);
  }
  return found;
}

/** Signs in with mailbox and password, as a person would. */
export async function signIn(page: Page, name: string): Promise<void> {
  const { mailbox, password } = person(name);
  await page.goto('/sign-in');
  await page.locator('input[type=email], input[name=mailbox]').first().fill(mailbox);
  await page.locator('input[type=password]').fill(password);
  await page.locator('input[type=password]').press('Enter');
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}
