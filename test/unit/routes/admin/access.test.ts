import { describe, expect, test } from 'bun:test';
import { AdminError } from '../../../../src/admin/admin-error.ts';
import { type AccessPolicy, createGate, type Gate, isLoopback } from '../../../../src/routes/admin/access.ts';

const HOME = '127.0.0.1';
const AWAY = '192.168.1.7';
const KEY = 'sk-0123456789';

/** A gate whose password, when there is one, is the text of its hash. */
function openGate(password?: string) {
  const time = { now: 0 };
  const policy = { password, checked: 0 };
  const read = (): AccessPolicy => ({
    apiKey: KEY,
    isPassword: async (shown) => {
      policy.checked++;
      return shown === policy.password;
    },
    ...(policy.password === undefined ? {} : { passwordHash: policy.password }),
  });
  return { gate: createGate(read, () => time.now), time, policy };
}

async function isLetIn(gate: Gate, headers: { [name: string]: string }, address: string | undefined): Promise<boolean> {
  try {
    await gate.check(new Request('http://localhost/api/accounts', { headers }), address);
    return true;
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(AdminError);
    expect((thrown as AdminError).status).toBe(401);
    return false;
  }
}

const bearer = (shown: string) => ({ authorization: `Bearer ${shown}` });
const cookieOf = (setCookie: string) => ({ cookie: setCookie.split(';')[0]! });

describe('without a password', () => {
  test.each<[{ [name: string]: string }, string | undefined, boolean]>([
    [{}, HOME, true],
    [{}, '::1', true],
    [{}, AWAY, false],
    [{}, undefined, false],
    [bearer(KEY), AWAY, true],
    [bearer('wrong'), AWAY, false],
    [bearer(''), AWAY, false],
    [{ 'x-forwarded-for': HOME }, AWAY, false],
  ])('%j from %p: %p', async (headers, address, answer) => {
    expect(await isLetIn(openGate().gate, headers, address)).toBe(answer);
  });

  test('and without a key nobody from elsewhere comes in', async () => {
    const gate = createGate(
      () => ({ apiKey: '', isPassword: async () => true }),
      () => 0,
    );
    expect(await isLetIn(gate, bearer(''), AWAY)).toBe(false);
  });
});

describe('with a password', () => {
  test.each<[{ [name: string]: string }, string, boolean]>([
    [{}, HOME, false],
    [bearer('open sesame'), HOME, true],
    [bearer('open sesame'), AWAY, true],
    [bearer(KEY), AWAY, false],
    [bearer(KEY), HOME, false],
    [bearer('wrong'), HOME, false],
    [{ cookie: 'trivium_session=' }, HOME, false],
    [{ cookie: 'trivium_session=undefined' }, HOME, false],
  ])('%j from %s: %p', async (headers, address, answer) => {
    expect(await isLetIn(openGate('open sesame').gate, headers, address)).toBe(answer);
  });

  test('the slow check is made once for a password that was right, and anew when it was changed', async () => {
    const { gate, policy } = openGate('first');
    expect(await isLetIn(gate, bearer('first'), AWAY)).toBe(true);
    expect(await isLetIn(gate, bearer('first'), AWAY)).toBe(true);
    expect(policy.checked).toBe(1);
    policy.password = 'second';
    expect(await isLetIn(gate, bearer('first'), AWAY)).toBe(false);
    expect(await isLetIn(gate, bearer('second'), AWAY)).toBe(true);
  });

  test('the refusal says which secret is wanted', async () => {
    const refusal = (password?: string) =>
      openGate(password)
        .gate.check(new Request('http://localhost/'), AWAY)
        .catch((thrown: AdminError) => thrown.message);
    expect(await refusal('x')).toContain('the admin password');
    expect(await refusal()).toContain('the API key');
  });
});

describe('a session', () => {
  test('is opened by the right password and by no other', async () => {
    const { gate } = openGate('open sesame');
    expect(await gate.signIn('wrong', HOME)).toBeUndefined();
    const session = (await gate.signIn('open sesame', AWAY))!;
    expect(session).toMatch(/^trivium_session=[\w-]{43}; /);
    for (const flag of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=']) expect(session).toContain(flag);
    expect(await isLetIn(gate, cookieOf(session), AWAY)).toBe(true);
    expect(await isLetIn(gate, { cookie: `theme=dark; ${cookieOf(session).cookie}` }, AWAY)).toBe(true);
    expect(await isLetIn(gate, { cookie: `x${cookieOf(session).cookie}` }, AWAY)).toBe(false);
  });

  test('ends after a week, and when it is signed out', async () => {
    const { gate, time } = openGate('open sesame');
    const [first, second] = [(await gate.signIn('open sesame', HOME))!, (await gate.signIn('open sesame', HOME))!];
    const cleared = gate.signOut(new Request('http://localhost/', { headers: cookieOf(first) }));
    expect(cleared).toContain('Max-Age=0');
    expect(await isLetIn(gate, cookieOf(first), HOME)).toBe(false);
    expect(await isLetIn(gate, cookieOf(second), HOME)).toBe(true);
    time.now += 7 * 24 * 60 * 60 * 1000;
    expect(await isLetIn(gate, cookieOf(second), HOME)).toBe(false);
  });

  test('is one of at most a hundred: the oldest makes room', async () => {
    const { gate } = openGate('open sesame');
    const sessions: string[] = [];
    for (let at = 0; at < 101; at++) sessions.push((await gate.signIn('open sesame', HOME))!);
    expect(await isLetIn(gate, cookieOf(sessions[0]!), HOME)).toBe(false);
    expect(await isLetIn(gate, cookieOf(sessions[1]!), HOME)).toBe(true);
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['192.168.1.127', false],
  ['128.0.0.1', false],
  ['::ffff:10.0.0.1', false],
  ['', false],
  [undefined, false],
])('%p is this machine: %p', (address, answer) => {
  expect(isLoopback(address)).toBe(answer);
});
