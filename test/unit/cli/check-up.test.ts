import { describe, expect, test } from 'bun:test';
import { Secret } from '../../../src/base/secret.ts';
import { type CheckUpPorts, type Finding, runCheckUp } from '../../../src/cli/check-up.ts';
import { resolveSettings } from '../../../src/config/resolve.ts';
import { handTerminal } from '../../support/hand-terminal.ts';

const READY = { state: 'ready', reason: null, until: null, advice: null };
const ACCOUNT = { id: 'acc_1', name: 'one', enabled: true, status: READY };

interface World {
  readonly flags?: { readonly [key: string]: string };
  /** Answers by method and path; a path that is missing cannot be reached. */
  readonly answers?: { readonly [route: string]: readonly [status: number, body: unknown] };
  readonly ports?: Partial<CheckUpPorts>;
  readonly password?: string;
}

async function check({ flags = {}, answers = {}, ports = {}, password }: World) {
  const terminal = handTerminal();
  const { values } = resolveSettings({ flags: { data_dir: '/data', ...flags }, environment: {} });
  const asked: (string | undefined)[] = [];
  const code = await runCheckUp(
    { json: true, ...(password === undefined ? {} : { password }) },
    {
      settings: { ...values, api_key: new Secret(`sk-${'0'.repeat(48)}`) },
      terminal,
      call: async (url, { method, headers }) => {
        asked.push(headers.authorization);
        const answer = answers[`${method} ${new URL(url).pathname}`];
        if (answer === undefined) throw new Error('refused');
        return Response.json(answer[1], { status: answer[0] });
      },
      rightsOf: () => 0o600,
      isWritable: () => true,
      bindFault: () => undefined,
      pricesFault: undefined,
      ...ports,
    },
  );
  const findings = JSON.parse(terminal.written()) as readonly Finding[];
  // whatever is not well says what to do
  expect(findings.every(({ state, advice }) => (state === 'ok') === (advice === undefined))).toBe(true);
  return { code, findings, asked, of: (about: string) => findings.find((one) => one.about === about) };
}

const running = (accounts: readonly unknown[], test: unknown = { ok: true, duration_ms: 5 }) => ({
  'GET /healthz': [200, { status: 'ok' }] as const,
  'GET /api/accounts': [200, { items: accounts, next: null }] as const,
  'POST /api/accounts/acc_1/test': [200, test] as const,
});

describe('the check-up', () => {
  test('finds nothing wrong with a gateway that runs', async () => {
    const { code, findings } = await check({ answers: running([ACCOUNT]) });
    expect(code).toBe(0);
    expect(findings.map(({ about, state }) => [about, state])).toEqual([
      ['exposure', 'ok'],
      ['data folder', 'ok'],
      ['gateway', 'ok'],
      ['account one', 'ok'],
    ]);
  });

  test('tells a free port from a taken one', async () => {
    expect(await check({})).toMatchObject({ code: 0 });
    const taken = await check({ ports: { bindFault: () => 'cannot listen on 127.0.0.1:8045: the port is in use.' } });
    expect(taken.code).toBe(1);
    expect(taken.of('gateway')?.says).toContain('the port is in use');
  });

  test.each([
    [[503, { status: 'stopped' }], 'service is stopped'],
    [[200, '<html>'], 'not as this program does'],
  ] as const)('a gateway that answers %j is told of', async (answer, words) => {
    const { code, of } = await check({ answers: { 'GET /healthz': answer } });
    expect(code).toBe(1);
    expect(of('gateway')?.says).toContain(words);
  });

  test('an open LAN is a fault, one with a key asks for a password', async () => {
    const open = await check({ flags: { allow_lan_access: 'true', allow_open_lan: 'true' } });
    expect(open.code).toBe(1);
    expect(open.of('exposure')?.state).toBe('fail');
    const keyed = await check({ flags: { allow_lan_access: 'true', auth_mode: 'auto' } });
    expect(keyed.of('exposure')?.state).toBe('ok');
    expect(keyed.of('admin password')?.state).toBe('warn');
  });

  test('a short key is told of where a key is asked', async () => {
    const settings = { ...resolveSettings({ flags: { auth_mode: 'strict' }, environment: {} }).values };
    const { of } = await check({ ports: { settings: { ...settings, api_key: new Secret('sk-1234567') } } });
    expect(of('key')?.says).toContain('10 characters');
  });

  test('files that others may read are named with the remedy', async () => {
    const { of } = await check({ ports: { rightsOf: (path) => (path.endsWith('vault.key') ? 0o644 : 0o700) } });
    expect(of('data folder')?.advice).toBe('chmod 600 /data/vault.key');
    expect((await check({ ports: { isWritable: () => false } })).of('data folder')?.state).toBe('warn');
  });

  test('wrong prices are told of', async () => {
    expect((await check({ ports: { pricesFault: '"date" must be a day' } })).of('prices')?.says).toContain('"date"');
  });

  test('each account says how it stands', async () => {
    const cooling = {
      state: 'cooling',
      reason: 'too many requests',
      until: '2026-01-01T00:00:00.000Z',
      advice: 'Wait.',
    };
    const { 'POST /api/accounts/acc_1/test': _never, ...untested } = running([{ ...ACCOUNT, status: cooling }]);
    const rests = await check({ answers: untested });
    expect(rests.code).toBe(0);
    expect(rests.of('account one')?.says).toContain('cooling until 2026-01-01');
    const dead = await check({ answers: running([ACCOUNT], { ok: false, error: { message: 'key refused' } }) });
    expect(dead.code).toBe(1);
    expect(dead.of('account one')?.says).toBe('key refused');
    const off = await check({ answers: running([{ ...ACCOUNT, enabled: false }]) });
    expect(off.of('account one')?.advice).toBe('trivium accounts enable one');
    expect((await check({ answers: running([]) })).of('accounts')?.state).toBe('fail');
  });

  test('asks for the password, and shows the one it was given', async () => {
    const answers = { ...running([]), 'GET /api/accounts': [401, { error: { message: 'no' } }] as const };
    expect((await check({ answers })).of('accounts')?.advice).toContain('--password');
    expect((await check({ answers: running([ACCOUNT]), password: 'p' })).asked).toContain('Bearer p');
  });
});
