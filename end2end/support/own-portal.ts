// A portal of a test's own, for what would disturb the others: authorities come and go.
import type { Page } from '@playwright/test';
import { person } from './people';
import { startPortal, type Portal } from './portal';
import { expect, refused, test as base } from './test';

export { expect, refused };

/** What makes a portal start quickly: curves instead of RSA, and no keys made ahead. */
export const quick = {
  CERTPORTAL_ISSUING__AUTHORITY_KEY: 'p384',
  CERTPORTAL_KEYS__POOL_SIZE: '0',
};

interface Fixtures {
  portal: Portal;
  /** A browser of its own there, signed in as one of the demo people. */
  as: (name: string) => Promise<Page>;
}

export const test = base.extend<Fixtures>({
  portal: [
    async ({}, use, info) => {
      const portal = await startPortal(info.outputPath('portal'), { environment: quick });
      await use(portal);
      await portal.stop();
    },
    { timeout: 60_000 },
  ],

  as: async ({ open, portal }, use) => {
    await use((name) => open(person(name, portal.people), { baseURL: portal.url }));
  },
});
