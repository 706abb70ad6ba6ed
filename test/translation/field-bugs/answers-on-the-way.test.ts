import { afterEach, describe, expect, test } from 'bun:test';
import { gzipSync } from 'node:zlib';
import { type JsonObject, parseJsonObject } from '../../../src/base/json.ts';
import { createAnswerStoredResponse } from '../../../src/relay/answer-stored-response.ts';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import { anAccount } from '../../support/pool-builders.ts';
import {
  aCall,
  answers,
  bodyOf,
  carry,
  chatAnswer,
  chatBody,
  chatFrames,
  claudeAccount,
  claudeBody,
  refuses,
  setUpRelay,
  streams,
} from '../../support/relay-set-up.ts';
import { responseMemory } from '../../support/response-memory.ts';

const asks: readonly (readonly [DialectId, JsonObject])[] = [
  ['openai-chat', { model: 'claude-sonnet-4-5', messages: [{ role: 'user', content: 'hi' }], stream: true }],
  ['openai-responses', { model: 'claude-sonnet-4-5', input: 'hi', stream: true }],
  ['anthropic-messages', claudeBody({ stream: true })],
  ['gemini', { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }],
];

describe('an answer on its way', () => {
  test.each(asks)('S27: a refusal of a stream is a status and JSON for %s', async (dialect, body) => {
    const { answer, status, text, headers } = await carry(
      aCall(dialect, body, { model: 'claude-sonnet-4-5', stream: true }),
      [refuses(400, 'messages: at least one is needed')],
      { accounts: [claudeAccount('c')] },
    );
    expect(answer.type).toBe('whole');
    expect(status).toBe(400);
    expect(headers['content-type']).toContain('application/json');
    expect((parseJsonObject(text).error as JsonObject).message).toContain('at least one is needed');
  });

  const running: { stop(force: boolean): unknown }[] = [];
  afterEach(() => {
    for (const server of running.splice(0)) server.stop(true);
  });

  test('S28: a refusal that came compressed is told in plain text', async () => {
    const server = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: () =>
        new Response(
          gzipSync(JSON.stringify({ error: { type: 'invalid_request_error', message: 'max_tokens: wrong' } })),
          {
            status: 400,
            headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' },
          },
        ),
    });
    running.push(server);
    for (const dialect of ['anthropic-messages', 'openai-chat'] as const) {
      const { headers, text, status } = await carry(
        aCall(dialect, claudeBody()),
        [(request) => fetch(`http://127.0.0.1:${server.port}`, { method: 'POST', body: bodyOf(request) })],
        { accounts: [claudeAccount('c')] },
      );
      expect(status).toBe(400);
      expect(Object.keys(headers)).not.toContain('content-encoding');
      expect(Object.keys(headers)).not.toContain('content-length');
      expect((parseJsonObject(text).error as JsonObject).message).toContain('max_tokens: wrong');
    }
  });

  const event = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  const response = { id: 'r', object: 'response', status: 'in_progress', model: 'gpt-5', output: [] };
  const handshake = event('response.created', { response }) + event('response.in_progress', { response });
  const error = { code: 'server_is_overloaded', message: 'busy' };
  const overloaded = event('response.failed', { response: { ...response, status: 'failed', error } });
  const served = [
    handshake,
    event('response.output_text.delta', { output_index: 0, content_index: 0, item_id: 'm', delta: 'Hello' }),
    event('response.completed', { response: { ...response, status: 'completed' } }),
  ];

  test.each(['openai-responses', 'anthropic-messages'] as const)(
    'S45: what follows the first words of a handshake is waited for, so that %s gets the next account',
    async (dialect) => {
      const body = {
        model: 'gpt-5',
        max_tokens: 9,
        input: 'hi',
        messages: [{ role: 'user', content: 'hi' }],
        stream: true,
      };
      const accounts = ['a', 'b'].map((id) =>
        anAccount(id, { provider: 'openai', baseUrl: `http://${id}.test/v1`, models: ['gpt-5'] }),
      );
      const { text, sent } = await carry(aCall(dialect, body), [streams(handshake, overloaded), streams(...served)], {
        accounts,
      });
      expect(sent).toHaveLength(2);
      expect(text).toContain('Hello');
      expect(text).not.toContain('busy');
    },
  );

  test('S45: an overload before the first content of a chat stream is no answer either', async () => {
    const { text, sent } = await carry(aCall('openai-chat', chatBody({ stream: true })), [
      streams(chatFrames.role, chatFrames.error),
      streams(chatFrames.role, chatFrames.text('Hello'), chatFrames.finish, chatFrames.done),
    ]);
    expect(sent).toHaveLength(2);
    expect(text).toContain('Hello');
  });

  test('U15: a response that is read again costs nothing again', async () => {
    const stored = { id: 'resp_1', object: 'response', output: [], usage: { input_tokens: 9, output_tokens: 9 } };
    const { ports, records, sent } = setUpRelay([], {
      responses: responseMemory({ id: 'resp_1', response: stored, input: [] }),
    });
    await createAnswerStoredResponse(ports)({
      id: 'resp_1',
      wish: 'read',
      query: new URLSearchParams(),
      headers: new Headers(),
      signal: new AbortController().signal,
      exchangeId: 'e',
    });
    expect(sent).toEqual([]);
    expect(records.filter(({ usage }) => usage !== undefined)).toEqual([]);
  });

  test('U15: an attempt that failed before the one that answered is not counted into it', async () => {
    const { records } = await carry(aCall('openai-chat', chatBody()), [refuses(500, 'oops'), answers(chatAnswer())]);
    expect(records).toHaveLength(1);
    expect(records[0]!.usage).toMatchObject({ input: 3, output: 2 });
  });
});
