// Pictures of what `cargo test` leaves in target/gallery: pages with sample data, which show states
// that are hard to bring about, and every mail.
import type { Browser } from '@playwright/test';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './browser';
import { as, shootStill } from './pictures';

const gallery = path.join(root, 'target/gallery');

export async function samplePages(browser: Browser): Promise<void> {
  const page = await as(browser);
  const files = (await readdir(gallery)).filter((file) => file.endsWith('.html')).sort();
  for (const file of files) {
    await page.goto(pathToFileURL(path.join(gallery, file)).href);
    await shootStill(page, `sample-${file.replace('.html', '')}`);
  }
}
