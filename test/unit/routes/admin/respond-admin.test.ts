import { describe, expect, test } from 'bun:test';
import { AdminError, notFound, wrongField } from '../../../../src/admin/admin-error.ts';
import { GatewayError, invalidRequest } from '../../../../src/base/gateway-error.ts';
import { createLog } from '../../../../src/base/log.ts';
import { respondAdmin } from '../../../../src/routes/admin/respond-admin.ts';

async function respondTo(act: () => unknown, status = 200) {
  const logged: string[] = [];
  const log = createLog(
    'debug',
    () => 0,
    (line) => logged.push(line),
  );
  const response = await respondAdmin(log, status, act);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text === '' ? undefined : JSON.parse(text),
    logged,
  };
}

describe('a result', () => {
  test.each([
    [{ items: [] }, 200],
    [{ id: 'acc_1' }, 201],
    [null, 200],
    [[], 200],
  ])('%j is JSON that nobody keeps, with status %i', async (result, status) => {
    const answer = await respondTo(() => result, status);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual(result);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('may be waited for', async () => {
    expect((await respondTo(async () => ({ a: 1 }))).body).toEqual({ a: 1 });
  });

  test('that is none has no body', async () => {
    const { status, text } = await respondTo(() => undefined);
    expect([status, text]).toEqual([204, '']);
  });

  test('may be a response of its own', async () => {
    const { status, body } = await respondTo(() => Response.json('own', { status: 202 }));
    expect([status, body]).toEqual([202, 'own']);
  });
});

describe('an error', () => {
  test.each<[Error, number, { readonly code: string; readonly [field: string]: string }]>([
    [notFound('account x'), 404, { code: 'not_found', message: 'There is no account x.' }],
    [wrongField('name', 'text'), 400, { code: 'wrong_field', message: 'name must be text.', field: 'name' }],
    [new AdminError('name_taken', 'taken', { status: 409 }), 409, { code: 'name_taken', message: 'taken' }],
    [invalidRequest('no', 'body'), 400, { code: 'invalid_request', message: 'no', field: 'body' }],
    [new GatewayError('request-too-large', 'big'), 413, { code: 'request_too_large', message: 'big' }],
  ])('%#: its code, its words and its field', async (error, status, body) => {
    const answer = await respondTo(() => {
      throw error;
    });
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ error: body });
    expect(answer.logged).toEqual([]);
  });

  test('of our own is logged, and says nothing to the outside', async () => {
    const { status, text, logged } = await respondTo(async () => {
      throw new TypeError('secret detail');
    });
    expect(status).toBe(500);
    expect(text).not.toContain('secret detail');
    expect(logged.join()).toContain('secret detail');
  });
});
