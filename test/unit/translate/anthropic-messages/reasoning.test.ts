import { describe, expect, test } from 'bun:test';
import { encodeReasoning, wantsThinking } from '../../../../src/translate/anthropic-messages/reasoning.ts';
import { emptyRequest, type Message, type ReasoningControl } from '../../../../src/translate/canonical/request.ts';
import { readClaudeModel } from '../../../../src/translate/models/claude.ts';

interface Case {
  readonly reasoning?: ReasoningControl;
  readonly maxTokens?: number;
  readonly forcesCall?: boolean;
  readonly messages?: readonly Message[];
}

function encode(model: string, { reasoning, maxTokens = 32000, forcesCall = false, messages = [] }: Case) {
  const request = { ...emptyRequest(model, false), messages, ...(reasoning === undefined ? {} : { reasoning }) };
  const { losses, ...encoded } = encodeReasoning(request, readClaudeModel(model), maxTokens, forcesCall);
  return { ...encoded, losses: losses.map((loss) => loss.field) };
}

const enabled = (budget: number) => ({ type: 'enabled', budget_tokens: budget });

describe('models with a budget', () => {
  test.each<[ReasoningControl, number, unknown, string[]]>([
    [{ effort: 'minimal' }, 8000, enabled(1024), []],
    [{ effort: 'low' }, 8000, enabled(1024), []],
    [{ effort: 'medium' }, 32000, enabled(8192), []],
    [{ effort: 'high' }, 32000, enabled(24576), []],
    [{ effort: 'xhigh' }, 64000, enabled(32768), []],
    [{ effort: 'max' }, 64000, enabled(51200), []],
    [{ effort: 'high' }, 2000, enabled(1600), []],
    [{ effort: 'low' }, 900, undefined, ['thinking']],
    [{ mode: 'on', budget: 2000 }, 8000, enabled(2000), []],
    [{ mode: 'on', budget: 500 }, 8000, enabled(1024), ['thinking']],
    [{ mode: 'on', budget: 8000 }, 8000, enabled(6400), ['thinking']],
    [{ mode: 'on' }, 32000, enabled(8192), []],
    [{ mode: 'auto' }, 32000, undefined, ['thinking']],
    [{ mode: 'auto', effort: 'high' }, 32000, enabled(24576), []],
  ])('T1: %j within %d', (reasoning, maxTokens, thinking, losses) => {
    const encoded = encode('claude-sonnet-4-5', { reasoning, maxTokens });
    expect(encoded.thinking).toEqual(thinking as never);
    expect(encoded.losses).toEqual(losses);
    expect(encoded.isOn).toBe(thinking !== undefined);
  });

  test('R13: the budget stays below the limit', () => {
    const { thinking } = encode('claude-sonnet-4-5', { reasoning: { mode: 'on', budget: 50000 }, maxTokens: 4096 });
    expect(thinking).toEqual({ type: 'enabled', budget_tokens: 3276 });
  });

  const call = { type: 'tool-call', callId: 't', kind: 'function', name: 'f', arguments: '{}' } as const;
  const thought = { type: 'reasoning', text: '', seal: { dialect: 'anthropic-messages', value: 's' } } as const;
  const user = { role: 'user', parts: [{ type: 'text', text: 'q' }] } as const;
  test.each<[string, string, Message[], boolean]>([
    ['a lost thought', 'claude-sonnet-4-5', [user, { role: 'assistant', parts: [call] }], false],
    ['a kept thought', 'claude-sonnet-4-5', [user, { role: 'assistant', parts: [thought, call] }], true],
    ['no call', 'claude-sonnet-4-5', [user, { role: 'assistant', parts: [{ type: 'text', text: 'a' }] }], true],
    ['an adaptive model', 'claude-opus-4-8', [user, { role: 'assistant', parts: [call] }], true],
    ['another vendor', 'glm-5', [user, { role: 'assistant', parts: [call] }], true],
  ])('R40: T5 with %s', (_name, model, messages, thinks) => {
    const encoded = encode(model, { reasoning: { effort: 'low' }, messages });
    expect(encoded.thinking !== undefined).toBe(thinks);
    expect(encoded.losses).toEqual(thinks ? [] : ['thinking-off']);
  });
});

describe('adaptive models', () => {
  const summarized = { type: 'adaptive', display: 'summarized' };
  test.each<[string, ReasoningControl, unknown, string | undefined, string[]]>([
    ['claude-opus-4-8', { mode: 'on', budget: 24576 }, summarized, 'high', ['thinking']],
    ['claude-opus-4-8', { effort: 'minimal' }, summarized, 'low', []],
    ['claude-opus-4-8', { effort: 'xhigh' }, summarized, 'xhigh', []],
    ['claude-opus-4-8', { mode: 'auto' }, summarized, undefined, []],
    ['claude-opus-4-8', { mode: 'auto', display: 'omitted' }, { type: 'adaptive', display: 'omitted' }, undefined, []],
    ['claude-sonnet-4-6', { effort: 'xhigh' }, { type: 'adaptive' }, 'high', ['effort']],
    ['claude-sonnet-4-6', { effort: 'max' }, { type: 'adaptive' }, 'max', []],
    ['claude-sonnet-4-6', { mode: 'on', budget: 4000 }, enabled(4000), undefined, []],
    ['claude-opus-5-5', { effort: 'medium', summary: 'auto' }, summarized, 'medium', []],
  ])('R15: %s with %j', (model, reasoning, thinking, effort, losses) => {
    const encoded = encode(model, { reasoning });
    expect(encoded.thinking).toEqual(thinking as never);
    expect(encoded.effort).toEqual(effort);
    expect(encoded.losses).toEqual(losses);
  });
});

describe('no thinking', () => {
  test.each<[string, unknown, string | undefined, string[]]>([
    ['claude-3-haiku', undefined, undefined, []],
    ['claude-sonnet-4-5', { type: 'disabled' }, undefined, []],
    ['claude-opus-5', { type: 'disabled' }, undefined, []],
    ['claude-sonnet-5-5', { type: 'between_tools' }, undefined, []],
    ['claude-opus-5-5', undefined, 'low', ['reasoning-floor']],
  ])('is asked of %s', (model, thinking, effort, losses) => {
    for (const reasoning of [{ effort: 'none' }, { mode: 'off' }, { budget: 0 }] satisfies ReasoningControl[]) {
      const encoded = encode(model, { reasoning });
      expect(encoded.thinking).toEqual(thinking as never);
      expect(encoded.effort).toEqual(effort);
      expect(encoded.losses).toEqual(losses);
    }
  });

  test('T7: is not mentioned when nobody spoke of it', () => {
    expect(encode('claude-sonnet-4-5', {})).toEqual({ isOn: false, losses: [] });
    expect(encode('claude-opus-5', {})).toEqual({ isOn: true, losses: [] });
    expect(encode('claude-opus-5-5', {})).toEqual({ isOn: true, losses: [] });
  });

  test('T4: makes way for a forced call where the model allows both', () => {
    expect(encode('claude-opus-5', { forcesCall: true })).toEqual({
      thinking: { type: 'disabled' },
      isOn: false,
      losses: [],
    });
    expect(encode('claude-opus-5-5', { forcesCall: true })).toEqual({ isOn: true, losses: [] });
  });

  test('is all that an old model can do', () => {
    expect(encode('claude-3-haiku', { reasoning: { effort: 'high' } })).toEqual({ isOn: false, losses: ['reasoning'] });
  });
});

test.each<[ReasoningControl | undefined, boolean]>([
  [undefined, false],
  [{}, false],
  [{ display: 'omitted' }, false],
  [{ mode: 'off', effort: 'high' }, false],
  [{ mode: 'auto' }, true],
  [{ effort: 'low' }, true],
  [{ budget: 5 }, true],
])('wantsThinking(%j) is %p', (reasoning, wanted) => {
  expect(wantsThinking(reasoning)).toBe(wanted);
});
