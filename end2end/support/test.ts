// Playwright's `test`, which also fails when the page complains in the browser's console.
import { expect, test as base } from '@playwright/test';

export { expect };

export const test = base.extend<{ complaints: string[] }>({
  /** What pages complained about so far; a test that expects a complaint empties it. */
  complaints: [
    async ({ context }, use) => {
      const complaints: string[] = [];
      context.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') {
          complaints.push(`${message.type()}: ${message.text()}`);
        }
      });
      context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().message}`));
      await use(complaints);
      expect(complaints, 'complaints in the console').toEqual([]);
    },
    { auto: true },
  ],
});
