import { describe, expect, test } from 'bun:test';
import { adjustZai } from '../../../../src/upstream/providers/zai-body.ts';

const fields = (losses: readonly { readonly field: string }[]) => losses.map(({ field }) => field);

describe('adjustZai', () => {
  test('a plain body stays as it is', () => {
    const body = { model: 'glm-4.7', messages: [{ role: 'user', content: 'hi' }], temperature: 0.5, max_tokens: 9 };
    expect(adjustZai(body, false)).toEqual({ body, losses: [] });
  });

  test('what z.ai does not know goes, and what somebody may miss is named', () => {
    const { body, losses } = adjustZai(
      {
        seed: 1,
        presence_penalty: 1,
        stream_options: { include_usage: true },
        store: false,
        max_completion_tokens: 5,
        temperature: 1.5,
        top_p: 0.4,
        stop: ['a', 'b'],
      },
      false,
    );
    expect(body).toEqual({ max_tokens: 5, temperature: 1, top_p: 0.4, stop: ['a'] });
    expect(fields(losses).sort()).toEqual(['presence_penalty', 'seed', 'stop', 'temperature']);
  });

  test('roles and names that it does not know', () => {
    const { body } = adjustZai({ messages: [{ role: 'developer', name: 'x', content: 'c' }] }, false);
    expect(body.messages).toEqual([{ role: 'system', content: 'c' }]);
  });

  const tools = [
    { type: 'function', function: { name: 'a', strict: true } },
    { type: 'function', function: { name: 'b' } },
  ];

  test('a named tool is the only one offered, since it cannot be forced', () => {
    const choice = { type: 'function', function: { name: 'a' } };
    const { body, losses } = adjustZai({ tools, tool_choice: choice, stream: true }, false);
    expect(body).toEqual({ tools: [{ type: 'function', function: { name: 'a' } }], stream: true, tool_stream: true });
    expect(fields(losses)).toEqual(['tool_choice']);
  });

  test('tools that must not be called are not offered', () => {
    expect(adjustZai({ tools, tool_choice: 'none' }, false).body).toEqual({});
    expect(adjustZai({ tools, tool_choice: 'auto' }, false).body.tool_choice).toBe('auto');
  });

  test('models that can think or not are switched; models that always think take an effort', () => {
    expect(adjustZai({ reasoning_effort: 'high' }, false).body).toEqual({ thinking: { type: 'enabled' } });
    expect(adjustZai({ reasoning_effort: 'none' }, false).body).toEqual({ thinking: { type: 'disabled' } });
    expect(adjustZai({ reasoning_effort: 'medium' }, true).body).toEqual({ reasoning_effort: 'high' });
    expect(adjustZai({ reasoning_effort: 'xhigh' }, true).body).toEqual({ reasoning_effort: 'max' });
    const floor = adjustZai({ thinking: { type: 'disabled' } }, true);
    expect(floor.body).toEqual({ reasoning_effort: 'low' });
    expect(fields(floor.losses)).toEqual(['reasoning-floor']);
    expect(adjustZai({}, true).body).toEqual({});
  });
});
