import { expect, test } from 'bun:test';
import { AdminError } from '../../../src/admin/admin-error.ts';
import { openWithPassphrase, sealWithPassphrase } from '../../../src/admin/seal-accounts.ts';

test('what is sealed opens with its passphrase alone, and shows nothing', async () => {
  const sealed = await sealWithPassphrase([{ secret: 'sk-SECRET' }], 'correct horse');
  expect(JSON.stringify(sealed)).not.toContain('SECRET');
  expect(sealed).toMatchObject({ kdf: 'scrypt', cipher: 'aes-256-gcm', n: 32768 });
  expect(await openWithPassphrase(sealed, 'correct horse')).toEqual([{ secret: 'sk-SECRET' }]);
  const refused = await openWithPassphrase(sealed, 'wrong horse').catch((error) => error);
  expect(refused).toBeInstanceOf(AdminError);
  expect(refused.code).toBe('wrong_passphrase');
});

test('the same passphrase is the same in every way to type it', async () => {
  const sealed = await sealWithPassphrase('x', 'Caf\u00e9 12345');
  expect(await openWithPassphrase(sealed, 'Cafe\u0301 12345')).toBe('x');
});

test.each([[{ data: 'AAAA' }], [{ kdf: 'pbkdf2' }], [{ n: 2 ** 30 }], [{ n: 3 }], [{ nonce: '' }]])(
  'a file that says %p is refused before any work',
  async (change) => {
    const sealed = await sealWithPassphrase('x', 'passphrase');
    const refused = await openWithPassphrase({ ...sealed, ...change }, 'passphrase').catch((error) => error);
    expect(refused.code).toBe('wrong_file');
  },
);
