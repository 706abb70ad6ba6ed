import { expect, test } from 'bun:test';
import type { ProviderId } from '../../../src/base/account.ts';
import { familyOf } from '../../../src/pool/model-family.ts';

test.each<[string, ProviderId | undefined]>([
  ['gpt-5.5-mini', 'openai'],
  ['chatgpt-4o-latest', 'openai'],
  ['codex-mini-latest', 'openai'],
  ['o1', 'openai'],
  ['o3-pro', 'openai'],
  ['o4-mini', 'openai'],
  ['ft:gpt-4o:org::id', 'openai'],
  ['claude-opus-5-5', 'anthropic'],
  ['gemini-3-flash', 'gemini'],
  ['glm-5', 'zai'],
  ['text-embedding-3-small', 'openai'],
  ['whisper-1', 'openai'],
  ['omni-moderation-latest', 'openai'],
  ['text-embedding-004', 'gemini'],
  ['embedding-3', 'zai'],
  ['cogview-4', 'zai'],
  ['gemini-embedding-001', 'gemini'],
  ['ollama-gpt-5', undefined],
  ['opus', undefined],
  ['my-claude-x', undefined],
  ['', undefined],
])('%s belongs to %p', (model, provider) => {
  expect(familyOf(model)[0]).toBe(provider as ProviderId);
});
