// Configuration of `cargo xtask screenshots`.
import { defineConfig } from '@playwright/test';
import { browserOptions, results } from './browser';

export default defineConfig({
  testDir: '.',
  testMatch: 'screenshots.ts',
  outputDir: `${results}/failures`,
  globalSetup: './set-up.ts',
  workers: 1,
  timeout: 600_000,
  reporter: [['list']],
  use: { ...browserOptions(), actionTimeout: 20_000 },
});
