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

/** Where the common portal's mail arrives. */
function common(): string {
  const folder = process.env.E2E_MAIL;
  if (folder === undefined) {
    throw new Error('E2E_MAIL is not set: set-up.ts did not run');
  }
  return folder;
}

/** Everything that has arrived for a mailbox, oldest first; from the common portal, unless told. */
export async function mailsTo(mailbox: string, folder = common()): Promise<Mail[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const files = names.map((name) => readFile(path.join(folder, name), 'utf8'));
  const mails = (await Promise.all(files)).map((text) => JSON.parse(text) as Mail);
  return mails.filter((mail) => mail.to.includes(mailbox));
}

/** Waits for a mail to a mailbox that says something, and gives its text. */
export async function mailTo(mailbox: string, words: string | RegExp, folder?: string): Promise<string> {
  return readable((await arrived(mailbox, words, folder)).source);
}

/** Waits for a mail to a mailbox that says something, and gives it as it was sent. */
export async function arrived(mailbox: string, words: string | RegExp, folder?: string): Promise<Mail> {
  const end = Date.now() + 20_000;
  for (;;) {
    const mails = await mailsTo(mailbox, folder);
    const found = mails.find((mail) => readable(mail.source).search(words) >= 0);
    if (found !== undefined) {
      return found;
    }
    if (Date.now() > end) {
      throw new Error(`no mail to ${mailbox} says ${words}; there are ${mails.length}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The file of a media type that goes with a mail (RFC 2046 section 5.1, base64). */
export function attachment(mail: Mail, type: string): Buffer {
  const boundary = mail.source.match(/^Content-Type: multipart\/mixed;\s*boundary="([^"]+)"/im)?.[1];
  const parts = boundary === undefined ? [] : mail.source.split(`--${boundary}`);
  for (const part of parts) {
    const [head = '', body = ''] = part.split(/\r?\n\r?\n/, 2);
    if (new RegExp(`^Content-Type: ${type}`, 'im').test(head)) {
      return Buffer.from(body, 'base64');
    }
  }
  throw new Error(`no ${type} in the mail:\n${mail.source}`);
}

/**
 * Joins long lines of the head (RFC 5322 section 2.2.3), and takes the line breaks and escapes of
 * quoted-printable (RFC 2045 section 6.7) out.
 */
function readable(source: string): string {
  const bytes = source
    .replace(/\r?\n(?=[ \t])/g, '')
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
