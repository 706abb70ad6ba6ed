import { expect, test } from 'bun:test';
import { hashPassword, isAdminPassword } from '../../../src/admin/password.ts';
import { Secret } from '../../../src/base/secret.ts';

test('a hash lets its password in and no other', async () => {
  const kept = new Secret(await hashPassword('geheim'));
  expect(await isAdminPassword(kept, 'geheim')).toBe(true);
  expect(await isAdminPassword(kept, 'geheim ')).toBe(false);
  expect(await isAdminPassword(kept, kept.reveal())).toBe(false);
});

test('a password from the environment is compared as it is', async () => {
  expect(await isAdminPassword(new Secret('geheim'), 'geheim')).toBe(true);
  expect(await isAdminPassword(new Secret('geheim'), 'Geheim')).toBe(false);
});

test('no password and a damaged hash let nobody in', async () => {
  expect(await isAdminPassword(undefined, '')).toBe(false);
  expect(await isAdminPassword(undefined, 'x')).toBe(false);
  expect(await isAdminPassword(new Secret('$argon2id$broken'), 'x')).toBe(false);
  expect(await isAdminPassword(new Secret('$argon2id$broken'), '$argon2id$broken')).toBe(false);
});
