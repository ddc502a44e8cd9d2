// Where a device calls the password wrong, the other kind of file opens with the same one.
import { download, issue, revealed } from '../support/page';
import { flavours, opens } from '../support/pfx';
import { expect, test } from '../support/test';
import { tried } from '../support/tools';

/** What OpenSSL says about the two kinds. */
const kinds: Record<string, RegExp[]> = {
  modern: [/PBES2, PBKDF2, AES-256-CBC/, /MAC: sha256/],
  compatible: [/pbeWithSHA1And3-KeyTripleDES-CBC/, /MAC: sha1/],
};

test('the other kind of file has the same key and password', async ({ add, open }, info) => {
  const folder = info.outputPath();
  const page = await open(await add());
  await issue(page);
  const password = await revealed(page);
  const first = page.getByRole('button', { name: 'Download certificate' });
  const second = page.getByRole('button', { name: 'Wrong password? Download the other kind' });
  const keys = new Set<string>();
  for (const { flavour, device } of flavours) {
    const other = flavour === 'modern' ? 'compatible' : 'modern';
    await page.getByRole('radio', { name: device }).check();
    for (const [button, expected] of [[first, flavour], [second, other]] as const) {
      const file = `${device}-${expected}.p12`;
      await download(page, button, `${folder}/${file}`);
      expect(await opens(folder, file, password), file).toBe(true);
      const args = ['pkcs12', '-in', file, '-passin', `pass:${password}`];
      const about = (await tried('openssl', [...args, '-noout', '-info'], folder)).err;
      for (const [kind, words] of Object.entries(kinds)) {
        for (const word of words) {
          expect(word.test(about), `${file}: ${word} in ${about}`).toBe(kind === expected);
        }
      }
      const key = (await tried('openssl', [...args, '-nocerts', '-noenc'], folder)).out;
      keys.add(key.slice(key.indexOf('-----BEGIN')));
    }
  }
  expect(keys.size).toBe(1);
});
