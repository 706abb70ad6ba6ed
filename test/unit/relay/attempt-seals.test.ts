import { describe, expect, test } from 'bun:test';
import { writeSeal } from '../../../src/translate/seal.ts';
import { anAccount } from '../../support/pool-builders.ts';
import {
  aCall,
  answers,
  bodyOf,
  carry,
  chatAccount,
  chatAnswer,
  claudeAccount,
  claudeAnswer,
  claudeBody,
} from '../../support/relay-set-up.ts';

const THINKER = 'deepseek-reasoner';

/** How many thoughts are kept of an answer to Claude Code that has one without a proof. */
async function countKept(thinking: object): Promise<number> {
  const answer = chatAnswer();
  const [choice] = answer.choices;
  const thoughtful = { ...answer, choices: [{ ...choice, message: { ...choice!.message, reasoning_content: 'Hm.' } }] };
  const accounts = [chatAccount('one', { models: [THINKER] })];
  const call = aCall('anthropic-messages', claudeBody({ model: THINKER, thinking }), { client: 'claude-code' });
  const { ports, status } = await carry(call, [answers(thoughtful)], { accounts });
  expect(status).toBe(200);
  return (ports.seals as unknown as { kept: ReadonlyMap<string, string> }).kept.size;
}

test('a program that sends everything back needs no memory for what it is shown', async () => {
  expect(await countKept({ type: 'adaptive', display: 'summarized' })).toBe(0);
});

test('it cannot send back a thought that it did not want to see', async () => {
  expect(await countKept({ type: 'adaptive', display: 'omitted' })).toBe(1);
});

describe('a history that another family of models wrote', () => {
  const GEMINI = 'gemini-3.5-flash';
  const model = (parts: string) => `{"role": "model", "parts": [${parts}]}`;
  const callPart = (more = '') => `{"functionCall": {"name": "look", "args": {"at": 1.0}}${more}}`;
  const asks = (...turns: string[]) => `{"contents": [${turns.join(' , ')}], "tools": []}`;
  const USER = '{"role": "user", "parts": [{"text": "thoughtSignature? functionCall?"}]}';
  const SEALED = model(callPart(', "thoughtSignature": "own"'));

  async function passGemini(body: string, target = GEMINI, more: object = {}) {
    const account = anAccount('g', { provider: 'gemini', baseUrl: 'http://g.test', models: [target] });
    const call = aCall('gemini', body, { model: target, ...more });
    const { sent, status } = await carry(call, [answers({ candidates: [] })], { accounts: [account] });
    return { text: bodyOf(sent[0]), status };
  }

  test('gets what stands for the seals that Gemini demands, and every other byte stays', async () => {
    const bare = model(callPart());
    const { text } = await passGemini(asks(USER, bare, USER, SEALED));
    const excused =
      '{"role":"model","parts":[{"functionCall":{"name":"look","args":{"at":1}},"thoughtSignature":"skip_thought_signature_validator"}]}';
    expect(text).toBe(asks(USER, excused, USER, SEALED));
  });

  test('stays as it is where every turn has its seal, and for models that demand none', async () => {
    const parallel = asks(USER, model(`${callPart(', "thoughtSignature": "own"')}, ${callPart()}`));
    expect((await passGemini(parallel)).text).toBe(parallel);
    const bare = asks(USER, model(callPart()));
    for (const target of ['gemini-2.5-pro', 'gemma-3-27b-it']) expect((await passGemini(bare, target)).text).toBe(bare);
  });

  const use = '{"type": "tool_use", "id": "toolu_1", "name": "look", "input": {"at": 1.0}}';
  const thought = '{"type": "thinking", "thinking": "Hm.", "signature": "own"}';
  const result = '{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "x"}]}';
  const says = (...blocks: string[]) => `{"content": [${blocks.join(', ')}], "role": "assistant"}`;
  const claude = (turns: readonly string[], fields = '"thinking": {"type": "enabled", "budget_tokens": 2000}, ') =>
    `{"model": "claude-sonnet-4-5", ${fields}"max_tokens": 9000, "messages": [${turns.join(', ')}]}`;
  const passClaude = async (body: string) => {
    const { sent, headers } = await carry(aCall('anthropic-messages', body), [answers(claudeAnswer())], {
      accounts: [claudeAccount('c')],
    });
    return { text: bodyOf(sent[0]), warned: headers['x-trivium-warnings'] };
  };

  test('ends the thinking of Claude as long as calls without a thought are answered', async () => {
    const turns = [USER, says('{"type": "text", "text": "I look."}', use), result];
    expect(await passClaude(claude(turns))).toEqual({ text: claude(turns, ''), warned: 'thinking-off' });
  });

  test('ends the clearing of thoughts with it', async () => {
    const clear = '{"type": "clear_thinking_20251015"}';
    const wish = '"thinking": {"type": "enabled", "budget_tokens": 2000}, ';
    const turns = [USER, says(use), result];
    const only = await passClaude(claude(turns, `${wish}"context_management": {"edits": [${clear}]}, `));
    expect(only.text).toBe(claude(turns, ''));
    const both = `"context_management": {"edits": [${clear}, {"type": "clear_tool_uses_20250919"}]}, `;
    expect((await passClaude(claude(turns, wish + both))).text).toBe(
      claude(turns, '"context_management": {"edits": [{"type":"clear_tool_uses_20250919"}]}, '),
    );
  });

  test.each([
    ['a thought stands first', [USER, says(thought, use), result]],
    ['the calls are long answered', [USER, says(use), result, says('{"type": "text", "text": "Yes."}'), USER]],
    ['there are no turns of a model', [USER]],
  ])('leaves thinking on where %s', async (_name, turns) => {
    const body = claude(turns);
    expect(await passClaude(body)).toEqual({ text: body, warned: undefined });
  });

  test('leaves other thinking than that under a budget on', async () => {
    const body = claude([USER, says(use), result], '"thinking": {"type": "adaptive"}, ');
    expect((await passClaude(body)).text).toBe(body);
  });

  test('is looked at after envelopes have been opened', async () => {
    const signature = writeSeal({ dialect: 'gemini', value: 'proof' }, 'anthropic-messages');
    const foreign = JSON.stringify({ type: 'thinking', thinking: 'Hm.', signature });
    const { text, warned } = await passClaude(claude([USER, says(foreign, use), result]));
    expect(JSON.parse(text)).toEqual(JSON.parse(claude([USER, says(use), result], '')));
    expect(warned).toBe('thinking-off');
  });
});
