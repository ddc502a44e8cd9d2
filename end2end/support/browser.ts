// The browser: Debian's Chromium, told that it has no network of its own.
import type { PlaywrightTestOptions, PlaywrightWorkerOptions } from '@playwright/test';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a run leaves behind: report, pictures, traces, the portal's log. */
export const results = path.join(root, 'target/playwright');

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Options for every test; the address is known once the portal runs. */
export function browserOptions(): Partial<PlaywrightTestOptions & PlaywrightWorkerOptions> {
  return {
    baseURL: process.env.E2E_URL,
    ignoreHTTPSErrors: true,
    launchOptions: { executablePath: '/usr/bin/chromium', args: flags },
  };
}
