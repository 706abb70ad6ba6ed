import { describe, expect, test } from 'bun:test';
import type { GatewayError } from '../../../src/base/gateway-error.ts';
import type { JsonObject } from '../../../src/base/json.ts';
import { readJob } from '../../../src/translate/translation-job.ts';

const JOB = { kind: 'request', from: 'openai-chat', to: 'gemini', body: '{}' } as const;

describe('a translation job', () => {
  test('is read with everything it says', () => {
    const whole = {
      id: 7,
      ...JOB,
      model: 'm',
      stream: true,
      request: '{}',
      status: 429,
      headers: { 'retry-after': '3' },
    };
    expect(readJob(whole)).toEqual(whole);
  });

  test('is read without what it leaves out', () => {
    expect(readJob({ ...JOB, unknown: 1 })).toEqual({ id: undefined, ...JOB });
  });

  test.each(['request', 'response', 'stream', 'error'])('may be of the kind %s', (kind) => {
    expect(readJob({ ...JOB, kind }).kind as string).toBe(kind);
  });

  test.each([{ model: 7 }, { stream: 'yes' }, { request: {} }, { status: '429' }, { headers: [] }] as JsonObject[])(
    'passes over a wish that is not what it should be: %j',
    (wrong) => {
      expect(readJob({ ...JOB, ...wrong })).toEqual({ id: undefined, ...JOB });
    },
  );

  test.each<[JsonObject, string]>([
    [{ kind: 'answer' }, 'kind'],
    [{ kind: null }, 'kind'],
    [{ from: 'openai' }, 'from'],
    [{ to: undefined }, 'to'],
    [{ to: 'constructor' }, 'to'],
    [{ body: {} }, 'body'],
    [{ body: undefined }, 'body'],
  ])('with %j is refused by the name of the field %s', (wrong, field) => {
    let thrown: unknown;
    try {
      readJob({ ...JOB, ...wrong });
    } catch (error) {
      thrown = error;
    }
    const error = thrown as GatewayError;
    expect(error.kind).toBe('invalid-request');
    expect(error.detail.param).toBe(field);
    expect(error.message).toContain(`"${field}" must be`);
  });
});
