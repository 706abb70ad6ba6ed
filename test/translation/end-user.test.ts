import { describe, expect, test } from 'bun:test';
import { encodeRequestFor } from '../../src/translate/prepare-request.ts';
import { DIALECTS } from '../../src/translate/registry.ts';
import { traitsOfReference } from '../../src/translate/target.ts';
import { ask, user } from '../support/translate-as.ts';

const chat = { messages: [user('hi')] };
const responses = { input: 'hi' };
const whom = { user: 'u-1', safety_identifier: 'hash-1' };
const SESSION = '{"device_id":"d","account_uuid":"a","session_id":"s"}';

describe('for whom a client asks', () => {
  test('is told between the dialects of OpenAI', () => {
    expect(ask('openai-chat', 'openai-responses', { ...chat, ...whom }).body).toMatchObject(whom);
    expect(ask('openai-responses', 'openai-chat', { ...responses, ...whom }).body).toMatchObject(whom);
    expect(ask('openai-completions', 'openai-chat', { prompt: 'hi', user: 'u-1' }).body).toMatchObject({ user: 'u-1' });
    const { body } = ask('openai-chat', 'openai-responses', { ...chat, user: 'u-1' });
    expect(body).toMatchObject({ user: 'u-1' });
    expect(body).not.toHaveProperty('safety_identifier');
  });

  test('is told to Anthropic in its one field', () => {
    const claude = 'claude-sonnet-4-5';
    expect(ask('openai-chat', 'anthropic-messages', { ...chat, ...whom }, claude).body.metadata).toEqual({
      user_id: 'hash-1',
    });
    const { body } = ask(
      'openai-responses',
      'anthropic-messages',
      { ...responses, safety_identifier: 'hash-1' },
      claude,
    );
    expect(body.metadata).toEqual({ user_id: 'hash-1' });
  });

  test('is told to no server that only speaks a dialect of OpenAI', () => {
    const request = DIALECTS['openai-responses'].client!.decodeRequest(
      { ...responses, ...whom },
      { model: 'm', stream: false },
    );
    const traits = { ...traitsOfReference('openai-chat'), provider: 'openai-compatible' as const };
    const { body, losses } = encodeRequestFor(DIALECTS['openai-chat'], request, traits);
    expect([body.user, body.safety_identifier, losses]).toEqual([undefined, undefined, []]);
  });

  test.each(['openai-chat', 'openai-responses', 'gemini'] as const)(
    'the session of Claude Code is not told to %s',
    (to) => {
      const { body } = ask('anthropic-messages', to, { ...chat, max_tokens: 9, metadata: { user_id: SESSION } });
      expect(JSON.stringify(body)).not.toContain('device_id');
    },
  );
});

test('metadata goes to Responses, and is named where chat completions would have to store the answer for it', () => {
  const metadata = { order: '7' };
  expect(ask('openai-chat', 'openai-responses', { ...chat, metadata }).body.metadata).toEqual(metadata);
  const { body, lost } = ask('openai-responses', 'openai-chat', { ...responses, metadata });
  expect([body.metadata, lost]).toEqual([undefined, ['metadata']]);
});
