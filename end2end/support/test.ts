// Playwright's `test` with the people of the portal, which also fails when a page complains in the
// browser's console: an error, a warning, something that the content security policy forbids.
import { expect, test as base } from '@playwright/test';
import type { BrowserContext, BrowserContextOptions, Page } from '@playwright/test';
import { addPerson, person, signIn, type Person, type Role } from './people';

export { expect };

interface Fixtures {
  /** Complaints that belong to the story, for example about an answer that is an error. */
  expected: RegExp[];
  /** What pages complained about so far. */
  complaints: string[];
  /** A browser of its own, signed in as this person if there is one. */
  open: (who?: Person, options?: BrowserContextOptions) => Promise<Page>;
  /** Somebody new, added by the administrator; `tag` is found in the address. */
  add: (role?: Role, tag?: string) => Promise<Person>;
}

/** What the browser says about an answer to a form that was filled in wrongly. */
export const refused = /the server responded with a status of 4\d\d/;

/** A page was left while its module was still on its way; that one arrives, tests wait for. */
const leaving = [/^uncaught: WebAssembly compilation aborted/, /^uncaught: Failed to fetch$/];

export const test = base.extend<Fixtures>({
  expected: async ({}, use) => use([]),

  complaints: [
    async ({ context, expected }, use) => {
      const complaints: string[] = [];
      watch(context, complaints);
      await use(complaints);
      const ignored = [...expected, ...leaving];
      const unexpected = complaints.filter((text) => !ignored.some((one) => one.test(text)));
      expect(unexpected, 'complaints in the console').toEqual([]);
    },
    { auto: true },
  ],

  open: async ({ browser, complaints }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (who, options) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      watch(context, complaints);
      const page = await context.newPage();
      if (who !== undefined) {
        await signIn(page, who);
      }
      return page;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },

  add: async ({ open }, use) => {
    let admin: Page | undefined;
    await use(async (role = 'employee', tag = 'new') => {
      admin ??= await open(person('carol'));
      return addPerson(admin, role, tag);
    });
  },
});

function watch(context: BrowserContext, complaints: string[]): void {
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      complaints.push(`${message.type()}: ${message.text()} (${message.page()?.url()})`);
    }
  });
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().message}`));
}
