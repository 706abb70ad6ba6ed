import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import { decodeSettings } from '../../../../src/translate/anthropic-messages/decode-settings.ts';

describe('sampling', () => {
  test('R11: keeps every figure and all stop sequences', () => {
    const body = { max_tokens: 10, temperature: 0.5, top_p: 0.9, top_k: 5, stop_sequences: ['X'] };
    expect(decodeSettings(body).sampling).toEqual({ maxTokens: 10, temperature: 0.5, topP: 0.9, topK: 5, stop: ['X'] });
  });

  test('R43: takes absent and null fields as absent', () => {
    const settings = decodeSettings({ temperature: null, stop_sequences: null, thinking: null, metadata: null });
    expect(settings).toEqual({ sampling: {}, answer: { showReasoning: false }, extras: {} });
  });
});

describe('reasoning', () => {
  test.each<[JsonObject, unknown, boolean]>([
    [{}, undefined, false],
    [{ thinking: { type: 'enabled', budget_tokens: 2000 } }, { mode: 'on', budget: 2000 }, true],
    [{ thinking: { type: 'adaptive' }, output_config: { effort: 'xhigh' } }, { mode: 'auto', effort: 'xhigh' }, true],
    [{ thinking: { type: 'adaptive', display: 'omitted' } }, { mode: 'auto', display: 'omitted' }, false],
    [{ thinking: { type: 'adaptive', display: 'updates' } }, { mode: 'auto', display: 'summary' }, true],
    [{ thinking: { type: 'disabled' } }, { mode: 'off' }, false],
    [{ thinking: { type: 'between_tools' } }, { mode: 'off' }, false],
    [{ output_config: { effort: 'low' } }, { effort: 'low' }, false],
    [{ output_config: { effort: 'extreme' } }, undefined, false],
  ])('%j', (body, reasoning, shown) => {
    const settings = decodeSettings(body);
    expect(settings.reasoning).toEqual(reasoning as never);
    expect(settings.answer.showReasoning).toBe(shown);
  });
});

describe('the rest', () => {
  const schema = { type: 'object' };
  test.each<[string, JsonObject, JsonObject]>([
    ['format', { output_config: { format: { type: 'json_schema', schema } } }, { output: { kind: 'schema', schema } }],
    ['beta format', { output_format: { type: 'json_schema', schema } }, { output: { kind: 'schema', schema } }],
    ['user', { metadata: { user_id: 'u' } }, { user: 'u' }],
    ['standard tier', { service_tier: 'standard_only' }, { serviceTier: 'default' }],
    ['auto tier', { service_tier: 'auto' }, { serviceTier: 'auto' }],
    ['speed', { speed: 'fast' }, { serviceTier: 'fast' }],
  ])('reads %s', (_name, body, expected) => {
    expect(decodeSettings(body)).toMatchObject(expected);
  });

  test.each<[string, JsonObject]>([
    ['versions and betas', { anthropic_version: 'x', anthropic_beta: ['b'], betas: ['b'] }],
    [
      'edits that only save tokens',
      { context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] } },
    ],
  ])('leaves out %s without a word', (_name, body) => {
    expect(decodeSettings(body).extras).toEqual({});
  });

  test('keeps what has no canonical form, so that its loss is named', () => {
    const body = {
      container: 'c',
      mcp_servers: [{ name: 'm' }],
      safeguards: { a: 1 },
      context_management: { edits: [{ type: 'compact_20260112' }] },
    };
    expect(decodeSettings(body).extras).toEqual({ 'anthropic-messages': body });
  });
});
