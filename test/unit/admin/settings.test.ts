import { describe, expect, test } from 'bun:test';
import { randomBytes } from 'node:crypto';
import { AdminError } from '../../../src/admin/admin-error.ts';
import { isAdminPassword } from '../../../src/admin/password.ts';
import { createSettingsAdmin } from '../../../src/admin/settings.ts';
import { type RawSettings, type ResolvedSettings, resolveSettings } from '../../../src/config/resolve.ts';
import { createSettingStore } from '../../../src/store/settings.ts';
import { createVault } from '../../../src/store/vault.ts';
import { openInMemory } from '../../support/temporary-store.ts';

const system = { platform: 'linux', home: '/home/ann', folder: '/' } as const;
const KEY = 'sk-0123456789abcdef';

function open(environment: { readonly [name: string]: string } = {}, apply?: () => Promise<void>) {
  const database = openInMemory();
  const store = createSettingStore(database, createVault(randomBytes(32)));
  store.change({ api_key: KEY });
  const resolve = (stored: RawSettings) => resolveSettings({ environment, system, stored });
  const applied: ResolvedSettings[] = [];
  const admin = createSettingsAdmin({
    initial: resolve(store.read()),
    store,
    resolve,
    apply: async (next) => {
      await apply?.();
      applied.push(next);
    },
  });
  const item = (key: string) => admin.list().items.find((one) => one.key === key);
  return { admin, store, applied, item, database };
}

async function refused(action: Promise<unknown>): Promise<AdminError> {
  const thrown = await action.then(
    () => new Error('nothing was refused'),
    (error) => error,
  );
  if (thrown instanceof AdminError) return thrown;
  throw thrown;
}

describe('list', () => {
  test('shows value, source, lock and restart', () => {
    const { item } = open({ TRIVIUM_PORT: '9000' });
    expect(item('port')).toMatchObject({
      value: 9000,
      default: 8045,
      source: 'environment',
      locked: true,
      restart: false,
    });
    expect(item('auth_mode')).toMatchObject({ value: 'off', source: 'default', locked: false });
    expect(item('log_level')).toMatchObject({ restart: true });
    expect(item('data_dir')).toMatchObject({ locked: true, restart: true });
    expect(item('upstream_proxy')).toMatchObject({ value: null });
  });

  test('masks secrets', async () => {
    const { admin, item } = open();
    await admin.patch({ admin_password: 'correct horse', upstream_proxy: 'http://u:word@p:1' });
    expect(item('api_key')).toMatchObject({ value: 'sk-…cdef', source: 'stored', secret: true });
    expect(item('admin_password')?.value).toBe('…');
    expect(item('upstream_proxy')?.value).toBe('http://u:…@p:1');
    expect(JSON.stringify(admin.list())).not.toMatch(/0123456789|horse|word@|argon2/);
  });
});

describe('patch', () => {
  test('applies, then stores, then shows', async () => {
    const { admin, store, applied } = open();
    const page = await admin.patch({ port: 9000, allowed_hosts: ['nas.local'], auth_mode: 'auto' });
    expect(page.items.find((one) => one.key === 'port')).toMatchObject({ value: 9000, source: 'stored' });
    expect(applied.map((one) => one.values.port)).toEqual([9000]);
    expect(admin.current().values.allowed_hosts).toEqual(['nas.local']);
    expect(store.read()).toEqual({ port: 9000, allowed_hosts: ['nas.local'], auth_mode: 'auto', api_key: KEY });
  });

  test('null goes back to the default', async () => {
    const { admin, store } = open();
    await admin.patch({ port: 9000 });
    await admin.patch({ port: null });
    expect(admin.current().values.port).toBe(8045);
    expect(admin.current().sources.port).toBe('default');
    expect(store.read().port).toBeUndefined();
  });

  test('null makes a new client key', async () => {
    const { admin } = open();
    await admin.patch({ api_key: null });
    expect(admin.current().values.api_key?.reveal()).toMatch(/^sk-[0-9a-f]{48}$/);
  });

  test('what was shown changes nothing when it comes back', async () => {
    const { admin, store, applied } = open({ TRIVIUM_LOG_BODIES: 'all' });
    await admin.patch({ admin_password: 'correct horse', upstream_proxy: 'http://u:word@p:1' });
    const before = store.read();
    const everything = Object.fromEntries(admin.list().items.map((one) => [one.key, one.value]));
    await admin.patch({ ...everything, port: 9000 });
    expect(store.read()).toEqual({ ...before, port: 9000 });
    expect(applied.length).toBe(2);
  });

  test('keeps only a hash of the password', async () => {
    const { admin, store } = open();
    await admin.patch({ admin_password: 'correct horse' });
    expect(String(store.read().admin_password)).toStartWith('$argon2id$');
    const kept = admin.current().values.admin_password;
    expect(await isAdminPassword(kept, 'correct horse')).toBe(true);
    expect(await isAdminPassword(kept, 'wrong horse')).toBe(false);
    await admin.patch({ admin_password: null });
    expect(admin.current().values.admin_password).toBeUndefined();
  });

  test.each([
    [{ port: 'abc' }, 'wrong_field', 'port', 400],
    [{ port: 70_000 }, 'wrong_field', 'port', 400],
    [{ api_key: 'short' }, 'wrong_field', 'api_key', 400],
    [{ api_key: 'sk-…zzzz' }, 'wrong_field', 'api_key', 400],
    [{ admin_password: '' }, 'wrong_field', 'admin_password', 400],
    [{ auth_mode: 'on' }, 'wrong_field', 'auth_mode', 400],
    [{ prot: 1 }, 'unknown_field', 'prot', 400],
    [{ data_dir: '/elsewhere' }, 'setting_locked', 'data_dir', 409],
    [{ log_bodies: 'none' }, 'setting_locked', 'log_bodies', 409],
    [{ log_bodies: null }, 'setting_locked', 'log_bodies', 409],
    [{ allow_lan_access: true }, 'settings_conflict', 'allow_lan_access', 400],
    [[], 'wrong_body', undefined, 400],
  ] as const)('refuses %j whole', async (body, code, field, status) => {
    const { admin, store, applied } = open({ TRIVIUM_LOG_BODIES: 'all' });
    const before = store.read();
    const sound = Array.isArray(body) ? body : { idle_timeout_s: 7, ...body, patience_s: 3 };
    const error = await refused(admin.patch(sound));
    expect([error.code, error.field, error.status]).toEqual([code, field, status] as never);
    expect(store.read()).toEqual(before);
    expect(applied).toEqual([]);
    expect(admin.current().values.idle_timeout_s).toBe(300);
  });

  test('settings that only fit together come together', async () => {
    const { admin } = open();
    await admin.patch({ allow_lan_access: true, auth_mode: 'auto' });
    expect(admin.current().values.allow_lan_access).toBe(true);
    const error = await refused(admin.patch({ auth_mode: 'off' }));
    expect(error.message).toContain('allow_open_lan');
    await admin.patch({ auth_mode: 'off', allow_open_lan: true });
    expect(admin.current().values.auth_mode).toBe('off');
  });

  test('what cannot be applied is not stored', async () => {
    const { admin, store } = open({}, () => Promise.reject(new Error('cannot listen on 127.0.0.1:80')));
    const error = await refused(admin.patch({ port: 80 }));
    expect([error.code, error.status]).toEqual(['not_applied', 409]);
    expect(error.message).toContain('cannot listen on 127.0.0.1:80');
    expect(store.read().port).toBeUndefined();
    expect(admin.current().values.port).toBe(8045);
  });

  test('what cannot be stored is taken back', async () => {
    const { admin, applied, database } = open();
    database.tables.run('DROP TABLE settings');
    database.tables.run(
      'CREATE TABLE settings (key text primary key, value text not null, sealed integer, extra not null)',
    );
    await admin.patch({ port: 9000 }).then(
      () => expect.unreachable(),
      () => {},
    );
    expect(applied.map((one) => one.values.port)).toEqual([9000, 8045]);
    expect(admin.current().values.port).toBe(8045);
  });

  test('two at once both hold', async () => {
    const { admin } = open();
    await Promise.all([
      admin.patch({ port: 9000 }),
      admin.patch({ retention_days: 3 }),
      refused(admin.patch({ port: 'x' })),
    ]);
    expect(admin.current().values).toMatchObject({ port: 9000, retention_days: 3 });
    await admin.patch({ port: 9001 });
    expect(admin.current().values.port).toBe(9001);
  });
});
