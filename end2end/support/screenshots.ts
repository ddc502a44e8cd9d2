// Pictures of every page that a person can reach, in three widths, light and dark.
import { test, type Page } from '@playwright/test';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { root } from './browser';
import { people, signIn } from './people';

const folder = path.join(root, 'target/screenshots');
const widths = [320, 768, 1440];
const schemes = ['light', 'dark'] as const;

const forAnyone = ['/sign-in', '/set-up', '/no-such-page'];
const forSignedIn = ['/', '/request', '/account', '/queue', '/overview', '/certificates', '/people', '/audit'];
// Of these there are many: the first one that a page links to stands for all.
const kinds = ['/requests/', '/certificates/', '/people/'];

test('every page of everyone', async ({ browser, baseURL }) => {
  await rm(folder, { recursive: true, force: true });
  for (const name of ['anyone', ...Object.keys(people())]) {
    await test.step(name, async () => {
      const context = await browser.newContext({ baseURL, ignoreHTTPSErrors: true });
      const page = await context.newPage();
      if (name === 'anyone') {
        await shootAll(page, name, forAnyone);
      } else {
        await signIn(page, name);
        await shootAll(page, name, forSignedIn);
      }
      await context.close();
    });
  }
});

async function shootAll(page: Page, name: string, paths: string[]): Promise<void> {
  const queue = [...paths];
  const examples = new Set<string>();
  for (let url = queue.shift(); url !== undefined; url = queue.shift()) {
    const response = await page.goto(url);
    if (response?.status() === 403) {
      continue; // not this person's page
    }
    await shoot(page, name, url);
    for (const link of await links(page)) {
      const kind = kinds.find((kind) => link.startsWith(kind));
      if (kind !== undefined && !examples.has(kind)) {
        examples.add(kind);
        queue.push(link);
      }
    }
  }
}

async function shoot(page: Page, name: string, url: string): Promise<void> {
  const title = url === '/' ? 'home' : url.slice(1).replace(/[0-9a-f-]{36}/, 'one').replaceAll('/', '-');
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      const file = `${title}-${width}-${colorScheme}.png`;
      await page.screenshot({ path: path.join(folder, name, file), fullPage: true });
    }
  }
}

function links(page: Page): Promise<string[]> {
  return page.locator('a[href^="/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? ''));
}
