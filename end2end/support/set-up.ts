// Before the tests: a mail server that keeps everything, and a portal with demo people.
// Tests find both through the environment, which Playwright hands on to its workers.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { results } from './browser';
import { startMailSink } from './mail-sink';
import { mailTo, startPortal } from './portal';

/** Starts both; what it returns stops both. */
export default async function setUp(): Promise<() => Promise<void>> {
  const work = path.join(results, 'portal');
  await rm(work, { recursive: true, force: true });
  const mail = await startMailSink(path.join(work, 'mail'));
  try {
    const portal = await startPortal(work, { environment: mailTo(mail.port) });
    process.env.E2E_URL = portal.url;
    process.env.E2E_PEOPLE = portal.people;
    process.env.E2E_MAIL = mail.folder;
    return async () => {
      await portal.stop();
      await mail.stop();
    };
  } catch (error) {
    await mail.stop();
    throw error;
  }
}
