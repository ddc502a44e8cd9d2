// A portal that was set up long ago, with certificates that near their end or have passed it. Its
// clock was turned back while they were made; now it runs with the right time.
import type { BrowserContextOptions, Page } from '@playwright/test';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { results } from './browser';
import { startMailSink } from './mail-sink';
import { quick } from './own-portal';
import { person, type Person } from './people';
import type { Pfx } from './pfx';
import { ago, mailTo, pkiName, program, startPortal, type Portal } from './portal';
import { expect, refused, test as base } from './test';
import { ran } from './tools';

export { expect, refused };

/** How many days ago who got a certificate for a year. Each test has people of its own. */
const past = { erin: 400, carol: 400, alice: 340, bob: 340, dave: 340 };

/** Days after the end before key and password may be deleted. */
const keptFor = 20;

interface Aged {
  portal: Portal;
  /** The folder with everything that was mailed. */
  mail: string;
  /** What was downloaded then, as `own.p12`. */
  first: (name: string) => Pfx;
}

interface Fixtures {
  /** A browser of its own there, signed in as one of the demo people. */
  as: (name: string, options?: BrowserContextOptions) => Promise<Page>;
  /** One of the demo people. */
  who: (name: string) => Person;
}

export const test = base.extend<Fixtures, { aged: Aged }>({
  aged: [
    async ({}, use, worker) => {
      const work = path.join(results, `aged-${worker.workerIndex}`);
      await rm(work, { recursive: true, force: true });
      const passwords = await longAgo(work);
      const sink = await startMailSink(path.join(work, 'mail'));
      const environment = {
        ...quick,
        ...mailTo(sink.port),
        CERTPORTAL_RETENTION__CERTIFICATES_DAYS: String(keptFor),
      };
      const portal = await startPortal(work, { environment });
      await use({
        portal,
        mail: sink.folder,
        first: (name) => ({ folder: path.join(work, name), password: passwords[name] ?? '' }),
      });
      await portal.stop();
      await sink.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  as: async ({ open, aged }, use) => {
    await use((name, options) =>
      open(person(name, aged.portal.people), { baseURL: aged.portal.url, ...options }),
    );
  },

  who: async ({ aged }, use) => {
    await use((name) => person(name, aged.portal.people));
  },
});

/** Sets the portal up and issues the certificates, each at its time; gives their passwords. */
async function longAgo(work: string): Promise<Record<string, string>> {
  const longest = Math.max(...Object.values(past));
  const first = await startPortal(work, { environment: { ...quick, ...ago(longest) } });
  const everybody = Object.entries(past).map(([name, days]) => ({
    days,
    folder: path.join(work, name),
    name,
    mailbox: person(name, first.people).mailbox,
  }));
  await first.stop();
  const passwords: Record<string, string> = {};
  for (const { days, folder, name, mailbox } of everybody) {
    await mkdir(folder);
    const files = ['--out', 'own.p12', '--password-file', 'password'];
    const environment = { ...quick, ...ago(days), CERTPORTAL_SERVER__PKI_URL: pkiName };
    const issue = ['issue', mailbox, '--data', path.join(work, 'data'), ...files];
    await ran(program(), issue, folder, environment);
    passwords[name] = (await readFile(path.join(folder, 'password'), 'utf8')).trim();
  }
  return passwords;
}
