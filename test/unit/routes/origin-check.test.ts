import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../src/base/gateway-error.ts';
import {
  checkOrigin,
  isAllowedHost,
  isAllowedOrigin,
  lanAddresses,
  type OriginPolicy,
} from '../../../src/routes/origin-check.ts';

const POLICY: OriginPolicy = { allowLan: false, allowedHosts: [], allowedOrigins: [] };

describe('a Host', () => {
  test.each([
    ['localhost', true],
    ['localhost:8045', true],
    ['LOCALHOST:8045', true],
    ['127.0.0.1:8045', true],
    ['[::1]:8045', true],
    ['[::1]', true],
    ['evil.example', false],
    ['localhost.evil.example', false],
    ['127.0.0.1.evil.example:8045', false],
    ['192.168.1.5:8045', false],
    ['', false],
  ])('%p is ours: %p', (host, answer) => {
    expect(isAllowedHost(host, POLICY)).toBe(answer);
  });

  test.each([
    ['nas.local', 'nas.local:8045', true],
    ['nas.local', 'NAS.local', true],
    ['nas.local', 'my-nas.local', false],
    ['nas.local:8045', 'nas.local', true],
    ['*.home.arpa', 'pc.home.arpa', true],
    ['*.home.arpa', 'a.b.home.arpa', true],
    ['*.home.arpa', 'home.arpa', false],
    ['*.home.arpa', 'evilhome.arpa', false],
  ])('that is listed as %s: %s is %p', (listed, host, answer) => {
    expect(isAllowedHost(host, { ...POLICY, allowedHosts: [listed] })).toBe(answer);
  });

  test('may be an address of this machine once the LAN is let in', () => {
    for (const address of lanAddresses()) {
      const host = address.includes(':') ? `[${address}]:8045` : `${address}:8045`;
      expect(isAllowedHost(host, POLICY)).toBe(false);
      expect(isAllowedHost(host, { ...POLICY, allowLan: true })).toBe(true);
    }
    expect(isAllowedHost('evil.example', { ...POLICY, allowLan: true })).toBe(false);
  });
});

describe('an Origin', () => {
  test.each<[string, string | null, boolean]>([
    ['http://localhost:8045', 'localhost:8045', true],
    ['https://localhost:8045', 'localhost:8045', true],
    ['http://localhost:3000', 'localhost:8045', false],
    ['http://evil.example', 'localhost:8045', false],
    ['http://localhost:8045.evil.example', 'localhost:8045', false],
    ['null', 'localhost:8045', false],
    ['null', null, false],
    ['http://localhost:8045', null, false],
  ])('%s at %p may call: %p', (origin, host, answer) => {
    expect(isAllowedOrigin(origin, host, POLICY)).toBe(answer);
  });

  test('that is listed may call, letter by letter', () => {
    const policy = { ...POLICY, allowedOrigins: ['https://chat.example'] };
    expect(isAllowedOrigin('https://chat.example', 'localhost', policy)).toBe(true);
    expect(isAllowedOrigin('http://chat.example', 'localhost', policy)).toBe(false);
    expect(isAllowedOrigin('https://chat.example:444', 'localhost', policy)).toBe(false);
  });
});

describe('a request', () => {
  const check = (headers: { [name: string]: string }) =>
    checkOrigin(new Request('http://localhost/', { headers }), POLICY);

  test.each([{}, { host: 'localhost:8045' }, { host: 'localhost:8045', origin: 'http://localhost:8045' }])(
    'with %j is let in',
    (headers) => {
      expect(() => check(headers)).not.toThrow();
    },
  );

  test.each([
    [{ host: 'evil.example' }, 'allowed_hosts'],
    [{ host: 'evil.example', origin: 'http://evil.example' }, 'allowed_hosts'],
    [{ host: 'localhost', origin: 'https://evil.example' }, 'allowed_origins'],
    [{ host: 'localhost', origin: 'null' }, 'allowed_origins'],
  ])('with %j is refused, and told which setting would help: %s', (headers, setting) => {
    let thrown: unknown;
    try {
      check(headers as { host: string });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(GatewayError);
    expect((thrown as GatewayError).kind).toBe('client-forbidden');
    expect((thrown as GatewayError).message).toContain(setting);
  });
});
