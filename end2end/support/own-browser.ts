// A browser with certificates of its own: Chromium with a home folder whose NSS database says what
// it trusts and what it shows to servers.
import { chromium, type BrowserContext } from '@playwright/test';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { browserOptions } from './browser';
import type { Pfx } from './pfx';
import { ran } from './tools';

/** What is in the browser's database, and where it goes. */
export interface Certificates {
  /** File of the root that it trusts. */
  root: string;
  /** Whose certificate it shows, if any. */
  own?: Pfx;
  /** The server that it shows it to; its name leads to this machine. */
  server: { name: string; port: number };
}

/** Starts the browser in a folder of its own. */
export async function openWith(home: string, { root, own, server }: Certificates): Promise<BrowserContext> {
  const database = `sql:${path.join(home, '.pki/nssdb')}`;
  await mkdir(path.join(home, '.pki/nssdb'), { recursive: true });
  await ran('certutil', ['-N', '-d', database, '--empty-password'], home);
  await ran('certutil', ['-A', '-d', database, '-n', 'root', '-t', 'C,,', '-i', root], home);
  if (own !== undefined) {
    const file = path.join(own.folder, 'own.p12');
    await ran('pk12util', ['-i', file, '-d', database, '-W', own.password, '-K', ''], home);
  }
  const profile = path.join(home, 'profile');
  const origin = `https://${server.name}:${server.port}`;
  await mkdir(path.join(profile, 'Default'), { recursive: true });
  await writeFile(path.join(profile, 'Default/Preferences'), JSON.stringify(preferences(origin)));
  const { launchOptions } = browserOptions();
  return chromium.launchPersistentContext(profile, {
    ...launchOptions,
    args: [...(launchOptions?.args ?? []), `--host-resolver-rules=MAP ${server.name} 127.0.0.1`],
    env: { ...(process.env as Record<string, string>), HOME: home },
  });
}

/** Answers the question which certificate to show, which nobody sees without a screen. */
function preferences(origin: string): unknown {
  const setting = { filters: [{}] };
  const exceptions = { auto_select_certificate: { [`${origin},*`]: { setting } } };
  return { profile: { content_settings: { exceptions } } };
}
