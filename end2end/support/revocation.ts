// What those who get signed mail learn about a certificate: from the revocation list and by OCSP,
// asked with OpenSSL. A folder holds `leaf.pem`, `issuer.pem` and `root.pem`, see pfx.ts.
import { pkiName } from './portal';
import { ran, tried } from './tools';

const common = process.env.E2E_PKI ?? '';

/** `good`, or what is wrong; the list and the responder must say the same. */
export async function status(folder: string, pki = common): Promise<string> {
  const [list, responder] = [await listed(folder, pki), await answered(folder, pki)];
  if (list !== responder) {
    throw new Error(`the list says ${list}, the responder ${responder}`);
  }
  return list;
}

/** Fetches the list that a certificate names, as whoever relies on it does. */
export async function fetchList(folder: string, certificate: string, list: string, pki = common): Promise<void> {
  const text = await ran('openssl', ['x509', '-in', certificate, '-noout', '-text'], folder);
  const address = text.match(/CRL Distribution Points:[^]*?URI:(\S+)/)?.[1] ?? '';
  const url = address.replace(pkiName, pki);
  await ran('curl', ['-s', '--fail', '--max-time', '30', '-o', list, url], folder);
}

async function listed(folder: string, pki: string): Promise<string> {
  await fetchList(folder, 'leaf.pem', 'list.crl', pki);
  const chain = ['-CAfile', 'root.pem', '-untrusted', 'issuer.pem'];
  const args = ['verify', '-crl_check', '-CRLfile', 'list.crl', ...chain, 'leaf.pem'];
  const { code, out, err } = await tried('openssl', args, folder);
  if (code === 0) {
    return 'good';
  }
  if (!/certificate revoked/.test(out + err)) {
    throw new Error(out + err);
  }
  const serial = await ran('openssl', ['x509', '-in', 'leaf.pem', '-noout', '-serial'], folder);
  const list = await ran('openssl', ['crl', '-in', 'list.crl', '-noout', '-text'], folder);
  const entry = list.split('Serial Number: ').find((one) => serial.includes(one.split('\n')[0] ?? '?'));
  return `revoked: ${entry?.match(/Reason Code:\s*\n\s*(\S.*)/)?.[1] ?? 'no reason'}`;
}

async function answered(folder: string, pki: string): Promise<string> {
  const trust = ['-CAfile', 'root.pem', '-verify_other', 'issuer.pem'];
  const ask = ['ocsp', '-issuer', 'issuer.pem', '-cert', 'leaf.pem', '-url', `${pki}/ocsp`, ...trust];
  const { out, err } = await tried('openssl', ask, folder);
  if (!/Response verify OK/.test(out + err)) {
    throw new Error(out + err);
  }
  const reason = out.match(/Reason: (\S+)/)?.[1] ?? 'no reason';
  return /leaf\.pem: good/.test(out) ? 'good' : `revoked: ${words[reason] ?? reason}`;
}

/** How `openssl crl` writes what `openssl ocsp` calls so. */
const words: Record<string, string> = {
  certificateHold: 'Certificate Hold',
  keyCompromise: 'Key Compromise',
  cessationOfOperation: 'Cessation Of Operation',
  superseded: 'Superseded',
};
