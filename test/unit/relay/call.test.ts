import { describe, expect, test } from 'bun:test';
import { type GatewayError, toGatewayError } from '../../../src/base/gateway-error.ts';
import { nameClient, readCallBody, readIntent } from '../../../src/relay/call.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const PADDING = 'x'.repeat(40_000);

/** The same body small, which is parsed, and large, which is scanned. */
const sizes = (fields: string): [string, Uint8Array][] => [
  ['small', encode(`{${fields}}`)],
  ['large', encode(`{${fields}${fields === '' ? '' : ','}"padding":"${PADDING}"}`)],
];

function faultOf(act: () => unknown): GatewayError {
  try {
    act();
  } catch (thrown) {
    return toGatewayError(thrown);
  }
  throw new Error('nothing was thrown');
}

describe.each(['small', 'large'])('a %s body', (size) => {
  const bodyOf = (fields: string) => readCallBody(sizes(fields).find(([name]) => name === size)![1]);

  test('tells its fields', () => {
    const body = bodyOf('"model":"m","stream":true,"n":null,"messages":[{"model":"inner"}]');
    expect(body.field('model')).toBe('m');
    expect(body.field('stream')).toBe(true);
    expect(body.field('n')).toBeNull();
    expect(body.field('messages')).toEqual([{ model: 'inner' }]);
    expect(body.field('missing')).toBeUndefined();
  });

  test('tells where a value stands', () => {
    const body = bodyOf('"stream":true, "model" : "m"');
    const span = body.span('model')!;
    expect(new TextDecoder().decode(body.bytes.subarray(span.start, span.end))).toBe('"m"');
    expect(body.span('missing')).toBeUndefined();
  });

  test('is parsed once', () => {
    const body = bodyOf('"model":"m"');
    expect(body.json().model).toBe('m');
    expect(body.json()).toBe(body.json());
  });

  test('names a model that is written with escapes', () => {
    expect(bodyOf('"mod\\u0065l":"m\\u006d"').field('model')).toBe('mm');
  });
});

describe('bytes that are no JSON object', () => {
  test.each(['', '[]', '"text"', '{"model":', 'model=m'])('are refused: %p', (text) => {
    expect(faultOf(() => readCallBody(encode(text))).kind).toBe('invalid-request');
  });

  test('are refused when there are many of them', () => {
    for (const text of [`["${PADDING}"]`, `"${PADDING}"`, PADDING]) {
      expect(faultOf(() => readIntent(readCallBody(encode(text)))).kind).toBe('invalid-request');
    }
  });

  test('and no text are refused', () => {
    const bytes = Uint8Array.from([...encode('{"model":"'), 0xff, ...encode('"}')]);
    expect(faultOf(() => readCallBody(bytes)).message).toContain('UTF-8');
  });
});

describe('what a client wants', () => {
  test.each<[string, { model: string; stream: boolean }]>([
    ['"model":"m"', { model: 'm', stream: false }],
    ['"model":"m","stream":true', { model: 'm', stream: true }],
    ['"model":"m","stream":false', { model: 'm', stream: false }],
    ['"model":"m","stream":null', { model: 'm', stream: false }],
  ])('{%s}', (fields, intent) => {
    for (const [, bytes] of sizes(fields)) expect(readIntent(readCallBody(bytes))).toEqual(intent);
  });

  test.each([
    ['', 'model'],
    ['"model":null', 'model'],
    ['"model":7', 'model'],
    ['"model":""', 'model'],
    ['"model":["m"]', 'model'],
    ['"model":"m","stream":"yes"', 'stream'],
    ['"model":"m","stream":1', 'stream'],
  ])('{%s} is refused by its field %s', (fields, param) => {
    for (const [, bytes] of sizes(fields)) {
      const fault = faultOf(() => readIntent(readCallBody(bytes)));
      expect(fault.kind).toBe('invalid-request');
      expect(fault.detail.param).toBe(param);
    }
  });
});

describe('the program that asks', () => {
  test.each<[{ [name: string]: string }, string]>([
    [{ 'user-agent': 'claude-cli/2.0.1 (external, cli)' }, 'claude-code'],
    [{ 'user-agent': 'codex_cli_rs/0.50' }, 'codex'],
    [{ 'user-agent': 'x', originator: 'codex_vscode' }, 'codex'],
    [{ 'user-agent': 'GeminiCLI/0.9 (linux)' }, 'gemini-cli'],
    [{ 'user-agent': 'OpenAI/JS 6.0' }, 'OpenAI'],
    [{ 'user-agent': 'curl/8' }, 'curl'],
    [{ 'user-agent': '' }, 'unknown'],
    [{}, 'unknown'],
  ])('with %j is %s', (headers, name) => {
    expect(nameClient(new Headers(headers))).toBe(name);
  });

  test('has a short name, however long it says its own', () => {
    expect(nameClient(new Headers({ 'user-agent': 'x'.repeat(5000) })).length).toBeLessThanOrEqual(40);
  });
});
