// A mail server that accepts everything and writes each message to a folder, and the way tests
// read what arrived.
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SMTPServer } from 'smtp-server';

/** A running mail server. */
export interface MailSink {
  port: number;
  folder: string;
  stop(): Promise<void>;
}

/** A message as it arrived. */
export interface Mail {
  from: string;
  to: string[];
  /** Headers and body, as sent. */
  source: string;
}

/** Starts it on a free port. */
export async function startMailSink(folder: string): Promise<MailSink> {
  await mkdir(folder, { recursive: true });
  let count = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const mail: Mail = {
          from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
          to: session.envelope.rcptTo.map((recipient) => recipient.address),
          source: Buffer.concat(chunks).toString('utf8'),
        };
        count += 1;
        const name = path.join(folder, String(count).padStart(5, '0'));
        // Readers see whole files only.
        writeFile(`${name}.part`, JSON.stringify(mail, null, 2))
          .then(() => rename(`${name}.part`, `${name}.json`))
          .then(() => done(), done);
      });
    },
  });
  server.on('error', () => {}); // a client that hangs up is no news
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { port, folder, stop: () => new Promise((resolve) => server.close(resolve)) };
}

/** Everything that has arrived for a mailbox, oldest first. */
export async function mailsTo(mailbox: string): Promise<Mail[]> {
  const folder = process.env.E2E_MAIL;
  if (folder === undefined) {
    throw new Error('E2E_MAIL is not set: set-up.ts did not run');
  }
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const files = names.map((name) => readFile(path.join(folder, name), 'utf8'));
  const mails = (await Promise.all(files)).map((text) => JSON.parse(text) as Mail);
  return mails.filter((mail) => mail.to.includes(mailbox));
}

/** Waits for a mail to a mailbox that says something, and gives its text. */
export async function mailTo(mailbox: string, words: string | RegExp): Promise<string> {
  const end = Date.now() + 20_000;
  for (;;) {
    const texts = (await mailsTo(mailbox)).map((mail) => readable(mail.source));
    const found = texts.find((text) => text.search(words) >= 0);
    if (found !== undefined) {
      return found;
    }
    if (Date.now() > end) {
      throw new Error(`no mail to ${mailbox} says ${words}; there are ${texts.length}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Takes the line breaks and escapes of quoted-printable (RFC 2045 section 6.7) out. */
function readable(source: string): string {
  const bytes = source
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
