// Browser tests against the real program, in Debian's Chromium.
import { defineConfig } from '@playwright/test';
import { browserOptions, results } from './support/browser';

export default defineConfig({
  testDir: './tests',
  outputDir: `${results}/failures`,
  globalSetup: './support/set-up.ts',
  // One portal, one browser: two cores are enough for no more.
  workers: 1,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: `${results}/report.json` }]],
  use: {
    ...browserOptions(),
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
});
