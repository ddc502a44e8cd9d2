// Authorities: their cards, and what administrators give to their forms.
import type { Locator, Page } from '@playwright/test';

/** The card of an authority. */
export function card(page: Page, name: string | RegExp): Locator {
  return page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, level: 2 }) });
}

/** Types a text into a field, or chooses it as a file where the field takes files. */
export async function give(form: Locator, label: string, text: string): Promise<void> {
  const field = form.getByLabel(label);
  if ((await field.getAttribute('type')) === 'file') {
    await field.setInputFiles({
      name: 'material.pem',
      mimeType: 'application/x-pem-file',
      buffer: Buffer.from(text),
    });
  } else {
    await field.fill(text);
  }
}

/** What an authority elsewhere is made with: `openssl ca`. */
export const offlineConfig = `
[ca]
default_ca = offline
[offline]
database = index.txt
rand_serial = yes
new_certs_dir = .
default_md = sha384
default_days = 3000
default_crl_days = 60
crlnumber = crlnumber
policy = any
copy_extensions = copyall
unique_subject = no
x509_extensions = added
[any]
countryName = optional
organizationName = optional
commonName = supplied
[added]
authorityKeyIdentifier = keyid
[issuing]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
extendedKeyUsage = emailProtection
[root]
basicConstraints = critical,CA:TRUE
subjectKeyIdentifier = hash
keyUsage = critical,keyCertSign,cRLSign
[req]
distinguished_name = name
[name]
`;
