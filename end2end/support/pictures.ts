// Taking pictures of pages: three widths, light and dark, each as a whole.
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import path from 'node:path';
import { root } from './browser';
import { alive, visit } from './page';
import { signIn, type Person } from './people';

/** Where they go. */
export const folder = path.join(root, 'target/screenshots');
const widths = [320, 768, 1440];
const schemes = ['light', 'dark'] as const;

/** A browser of its own, signed in as this person if there is one. */
export async function as(browser: Browser, who?: Person, options?: BrowserContextOptions): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  if (who !== undefined) {
    await signIn(page, who);
  }
  return page;
}

/** Visits pages and takes pictures of them, by name. */
export async function shootAll(page: Page, urls: Record<string, string>): Promise<void> {
  for (const [name, url] of Object.entries(urls)) {
    await visit(page, url);
    await shoot(page, name);
  }
}

/** Pictures of the page as it is, once it is alive. */
export async function shoot(page: Page, name: string): Promise<void> {
  await alive(page);
  await photograph(page, name, painted);
}

/** Pictures of a page that never comes alive: without JavaScript, or none of the portal's. */
export function shootStill(page: Page, name: string): Promise<void> {
  return photograph(page, name, () => Promise.resolve());
}

async function photograph(page: Page, name: string, settled: (page: Page) => Promise<unknown>): Promise<void> {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      await settled(page);
      const file = path.join(folder, `${name}-${width}-${colorScheme}.png`);
      await page.screenshot({ path: file, fullPage: true });
    }
  }
}

/** Waits for two frames, which only a page with JavaScript tells of: tall pages have been photographed with a part that was not drawn yet. */
function painted(page: Page): Promise<unknown> {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Opens every fold of the page. */
export async function unfoldAll(page: Page): Promise<void> {
  for (const fold of await page.locator('main details').all()) {
    const summary = fold.locator('> summary');
    if ((await fold.getAttribute('open')) === null && (await summary.isVisible())) {
      await summary.click();
    }
  }
}
