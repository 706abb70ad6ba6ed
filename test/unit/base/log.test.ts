import { describe, expect, test } from 'bun:test';
import { createLog, type LogLevel, silentLog } from '../../../src/base/log.ts';
import { Secret } from '../../../src/base/secret.ts';

const T0 = Date.UTC(2026, 0, 2, 3, 4, 5, 6);

function write(level: LogLevel, act: (log: ReturnType<typeof createLog>) => void): string[] {
  const lines: string[] = [];
  act(
    createLog(
      level,
      () => T0,
      (line) => lines.push(line),
    ),
  );
  return lines;
}

function writeField(value: unknown): string {
  return write('debug', (log) => log.info('m', { value }))[0]!.split(' value=')[1]!;
}

describe('a log', () => {
  test('writes time, severity, message and fields in one line', () => {
    expect(write('info', (log) => log.info('attempt failed', { account: 'acc_1', ms: 12 }))).toEqual([
      '2026-01-02T03:04:05.006Z info attempt failed account=acc_1 ms=12',
    ]);
  });

  test.each<[LogLevel, string[]]>([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
  ])('at level %s writes %p', (level, expected) => {
    const lines = write(level, (log) => {
      log.debug('m');
      log.info('m');
      log.warn('m');
      log.error('m');
    });
    expect(lines.map((line) => line.split(' ')[1]!)).toEqual(expected);
  });

  test('that is silent takes everything', () => {
    silentLog.debug('m');
    silentLog.info('m', {});
    silentLog.warn('m');
    silentLog.error('m');
  });
});

describe('a field', () => {
  test.each<[unknown, string]>([
    ['plain/word.of:some@kind-1', 'plain/word.of:some@kind-1'],
    ['two words', '"two words"'],
    ['', '""'],
    ['a=b', '"a=b"'],
    [7, '7'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'undefined'],
    [['a', 1], '["a",1]'],
    [{ a: 1 }, '{"a":1}'],
  ])('%p is written as %s', (value, text) => {
    expect(writeField(value)).toBe(text);
  });

  test('never begins a new line, so that nobody can write lines of his own', () => {
    const lines = write('info', (log) =>
      log.info('m', { value: 'x\n2026-01-02 error forged', cause: new Error('a\nb') }),
    );
    expect(lines[0]).not.toContain('\n');
  });

  test('that is an error tells where it came from', () => {
    expect(writeField(new Error('broke'))).toMatch(/broke.*log\.test\.ts/);
  });

  test('that is a secret, or holds one, shows its mask', () => {
    const secret = new Secret('sk-0123456789abcdef');
    expect(writeField(secret)).toBe('"sk-…cdef"');
    expect(writeField({ key: secret })).toBe('{"key":"sk-…cdef"}');
  });
});
