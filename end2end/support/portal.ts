// The real program, with demo people, on free ports and with an empty data folder.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { get } from 'node:https';
import { createServer } from 'node:net';
import path from 'node:path';
import { root } from './browser';

const startLimitMs = 60_000;
const stopLimitMs = 10_000;

/** Under this name its certificates say where the revocation list is; linters want a real one. */
export const pkiName = 'http://pki.example.com';

/** A running portal. */
export interface Portal {
  url: string;
  /** Where the revocation list really is. */
  pki: string;
  /** JSON file with the demo people's mailboxes and passwords. */
  people: string;
  /** What it has written so far. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** What may be different. */
export interface Options {
  /** Without demo people: somebody has to set it up. */
  isEmpty?: boolean;
  /** More configuration. */
  environment?: Record<string, string>;
}

/** Where it sends mail. */
export function mailTo(port: number): Record<string, string> {
  return {
    CERTPORTAL_MAIL__HOST: '127.0.0.1',
    CERTPORTAL_MAIL__PORT: String(port),
    CERTPORTAL_MAIL__SECURITY: 'none',
    CERTPORTAL_MAIL__FROM: 'CertPortal <certportal@demo.example>',
  };
}

/** Lets a program believe that it is so many days ago. */
export function ago(days: number): Record<string, string> {
  for (const folder of readdirSync('/usr/lib')) {
    const library = path.join('/usr/lib', folder, 'faketime/libfaketimeMT.so.1');
    if (existsSync(library)) {
      return { LD_PRELOAD: library, FAKETIME: `-${days}d`, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
    }
  }
  throw new Error('faketime is missing: run `cargo xtask e2e`, which installs it');
}

/** The program that is tested. */
export function program(): string {
  const program = process.env.E2E_PROGRAM ?? path.join(root, 'target/debug/certportal');
  if (!existsSync(program)) {
    throw new Error(`${program} is missing: run \`cargo xtask e2e\`, which builds it`);
  }
  return program;
}

/** Starts it and waits until it answers. */
export async function startPortal(work: string, options: Options = {}): Promise<Portal> {
  await mkdir(work, { recursive: true });
  const people = path.join(work, 'people.json');
  const logFile = path.join(work, 'portal.log');
  const [port, pkiPort] = [await freePort(), await freePort()];
  const log = await open(logFile, 'w');
  const child = spawn(
    program(),
    [
      'serve',
      ...['--data', path.join(work, 'data')],
      ...['--listen', `127.0.0.1:${port}`],
      ...['--pki-listen', `127.0.0.1:${pkiPort}`],
      ...(options.isEmpty ? [] : ['--demo', '--demo-people', people]),
    ],
    {
      cwd: root,
      env: { ...process.env, CERTPORTAL_SERVER__PKI_URL: pkiName, ...options.environment },
      stdio: ['ignore', log.fd, log.fd],
    },
  );
  await log.close();
  const url = `https://localhost:${port}`;
  try {
    await waitUntilReady(child, `${url}/readyz`);
  } catch (error) {
    await stop(child);
    const last = (await readFile(logFile, 'utf8')).split('\n').slice(-20).join('\n');
    throw new Error(`${error}\nThe end of ${logFile}:\n${last}`);
  }
  const pki = `http://127.0.0.1:${pkiPort}`;
  return { url, pki, people, log: () => readFile(logFile, 'utf8'), stop: () => stop(child) };
}

async function waitUntilReady(child: ChildProcess, url: string): Promise<void> {
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  const end = Date.now() + startLimitMs;
  while (Date.now() < end) {
    if (failure !== undefined) {
      throw failure;
    }
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the portal ended at once (${child.exitCode ?? child.signalCode})`);
    }
    if ((await statusOf(url)) === 200) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the portal did not answer at ${url} within ${startLimitMs / 1000} s`);
}

/** The status of a page, or 0; the portal's certificate is its own. */
function statusOf(url: string): Promise<number> {
  return new Promise((resolve) => {
    const request = get(url, { rejectUnauthorized: false, timeout: 5_000 }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(0));
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      resolve();
      return;
    }
    const killer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
    child.once('exit', () => {
      clearTimeout(killer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

/** A port that nobody uses. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
