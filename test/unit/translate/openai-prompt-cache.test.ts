import { describe, expect, test } from 'bun:test';
import { DIALECTS } from '../../../src/translate/registry.ts';
import { traitsOfReference } from '../../../src/translate/target.ts';
import { translateText } from '../../../src/translate/translate-text.ts';

const wishes = { prompt_cache_key: 'k', prompt_cache_retention: '24h', prompt_cache_options: { mode: 'explicit' } };
const chat = { model: 'gpt-5.6', messages: [{ role: 'user', content: 'x' }], ...wishes };
const responses = { model: 'gpt-5.6', input: 'x', ...wishes };

test.each([
  ['openai-chat', 'openai-responses', chat],
  ['openai-responses', 'openai-chat', responses],
] as const)('wishes for the prompt cache go from %s to %s', (from, to, body) => {
  const { output, losses } = translateText({ kind: 'request', from, to, body: JSON.stringify(body) }, 0);
  expect(JSON.parse(output)).toMatchObject(wishes);
  expect(losses).toEqual([]);
});

describe('R31: nobody else gets them', () => {
  test.each(['anthropic-messages', 'gemini'] as const)('%s', (to) => {
    const { output, losses } = translateText(
      { kind: 'request', from: 'openai-chat', to, body: JSON.stringify(chat) },
      0,
    );
    expect(output).not.toContain('prompt_cache');
    expect(losses).toEqual([]);
  });

  test.each(['openai-chat', 'openai-responses'] as const)('servers like OpenAI, in %s', (to) => {
    const from = to === 'openai-chat' ? 'openai-responses' : 'openai-chat';
    const body = from === 'openai-chat' ? chat : responses;
    const request = DIALECTS[from].client!.decodeRequest(body, { model: 'm', stream: false });
    const traits = { ...traitsOfReference(to), provider: 'openai-compatible' as const };
    expect(JSON.stringify(DIALECTS[to].upstream!.encodeRequest(request, traits).body)).not.toContain('prompt_cache');
  });
});
