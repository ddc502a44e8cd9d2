// What a certificate opens besides mail: a web server with a certificate of ours, and a browser that
// shows the person's, until it is revoked.
import type { BrowserContext } from '@playwright/test';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { choose, request, toCertificate, unfold, visit } from '../support/page';
import { startNginx, type Nginx } from '../support/nginx';
import { openWith, type Certificates } from '../support/own-browser';
import { person } from '../support/people';
import { fetched, takeApart } from '../support/pfx';
import { fetchList } from '../support/revocation';
import { expect, test as base } from '../support/test';
import { ran } from '../support/tools';

const name = 'www.example.com';

interface Fixtures {
  /** Starts the web server of a folder. */
  serve: (folder: string) => Promise<Nginx>;
  /** What the web server answers to a browser with these certificates. */
  answer: (with_: Certificates) => Promise<string>;
}

const test = base.extend<Fixtures>({
  serve: async ({}, use) => {
    const started: Nginx[] = [];
    await use(async (folder) => {
      const nginx = await startNginx(folder);
      started.push(nginx);
      return nginx;
    });
    await Promise.all(started.map((nginx) => nginx.stop()));
  },

  answer: async ({}, use, info) => {
    const opened: BrowserContext[] = [];
    await use(async (certificates) => {
      const browser = await openWith(info.outputPath(`home-${opened.length}`), certificates);
      opened.push(browser);
      const page = await browser.newPage();
      const response = await page.goto(`https://${name}:${certificates.server.port}/`);
      return `${response?.status()} ${await page.locator('body').innerText()}`;
    });
    await Promise.all(opened.map((browser) => browser.close()));
  },
});

test.describe.configure({ timeout: 120_000 });

test('a browser is let in with its certificate until that is revoked', async ({ add, open, serve, answer }, info) => {
  const folder = info.outputPath('server');
  await mkdir(folder);
  const admin = await open(person('carol'));

  // The administrator gets the server's certificate for a key that stays with the server.
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-keyout', 'server.key'];
  await ran('openssl', ['req', '-new', ...key, ...subject, '-out', 'server.csr'], folder);
  await visit(admin, '/request');
  await choose(admin, 'Server');
  await unfold(admin, 'Advanced');
  const csr = await readFile(`${folder}/server.csr`, 'utf8');
  await admin.getByLabel('I bring my own signing request').fill(csr);
  await admin.getByRole('button', { name: 'Request the certificate' }).click();
  await admin.waitForURL(/\/requests\//);
  await toCertificate(admin);
  const file = admin.waitForEvent('download');
  await admin.getByRole('link', { name: 'As text for servers (PEM)' }).first().click();
  await (await file).saveAs(`${folder}/server.pem`);

  // The person gets theirs.
  const who = await add();
  const hers = await open(who);
  const asked = await request(hers, 'Sign in to servers', 'I look after the web site.');
  const his = await open(person('bob'));
  await visit(his, asked);
  await his.getByRole('button', { name: 'Approve' }).click();
  await toCertificate(hers);
  const own = await fetched(hers, 'Thunderbird', info.outputPath('own'));
  await takeApart(own);

  const authorities = ['issuer.pem', 'root.pem'].map((one) => readFile(`${own.folder}/${one}`, 'utf8'));
  await writeFile(`${folder}/authorities.pem`, (await Promise.all(authorities)).join(''));
  await writeLists(own.folder, folder);
  const nginx = await serve(folder);
  const certificates = { root: `${own.folder}/root.pem`, server: { name, port: nginx.port } };
  expect(await answer({ ...certificates })).toContain('400 Bad Request\nNo required SSL certificate was sent');
  const welcome = await answer({ ...certificates, own });
  expect(welcome).toBe(`200 Welcome, CN=${who.name}`);

  await visit(admin, new URL(hers.url()).pathname);
  const revoke = await unfold(admin, 'Revoke');
  await revoke.getByLabel('Reason').selectOption('keyCompromise');
  await revoke.getByRole('button', { name: 'Revoke' }).click();
  await expect(admin.locator('.certificate-head')).toContainText('Revoked on');
  await writeLists(own.folder, folder);
  await nginx.reload();
  await expect
    .poll(() => answer({ ...certificates, own }), { timeout: 30_000 })
    .toContain('400 Bad Request\nThe SSL certificate error');
});

/** The lists of the authorities above a certificate, as a server fetches them. */
async function writeLists(from: string, to: string): Promise<void> {
  let lists = '';
  for (const certificate of ['leaf.pem', 'issuer.pem']) {
    await fetchList(from, certificate, 'list.crl');
    lists += await ran('openssl', ['crl', '-inform', 'DER', '-in', 'list.crl'], from);
  }
  await writeFile(`${to}/lists.pem`, lists);
}
