import { describe, expect, test } from 'bun:test';
import { asArray, asObjects, type JsonObject } from '../../src/base/json.ts';
import { accountAt } from '../support/accounts-at.ts';
import { startGateway } from '../support/executable.ts';
import { text } from '../support/fake-upstream/scenario.ts';
import { startFakeUpstream } from '../support/fake-upstream.ts';
import { blocksOf, plainChat, proofsOf, TOOLS, thoughtful } from '../support/plain-chat.ts';
import { withFolder } from '../support/temporary-store.ts';

const CLAUDE = 'claude-opus-4-5';
const GEMINI = 'gemini-3.5-flash';

describe.each([false, true])('a plain chat client, streams: %p', (stream) => {
  test('R40: a Claude that thinks gets its thoughts back in a tool loop, over a restart too', () =>
    withFolder(async (folder) => {
      await using upstream = await startFakeUpstream({ script: [thoughtful('First.')] });
      const chat = plainChat(CLAUDE, stream);
      const before = await startGateway({ folder });
      await before.addAccount(accountAt(upstream, 'anthropic-messages', { models: [CLAUDE] }));
      await chat.ask(before);
      upstream.play(thoughtful('Second.'));
      await chat.ask(before);
      expect(await before.stop()).toBe(0);
      await using after = await startGateway({ folder });
      upstream.play(text('Stars.'));
      const response = await chat.ask(after);
      expect(response.headers.get('x-trivium-warnings')).toBeNull();
      expect(upstream.generations.map(({ refusal }) => refusal)).toEqual([undefined, undefined, undefined]);
      expect(blocksOf(upstream.generations[2])).toEqual([
        ['First.', 'text', 'tool_use'],
        ['Second.', 'text', 'tool_use'],
      ]);
      expect(upstream.generations[2]!.body!.thinking).toMatchObject({ type: 'enabled' });
    }));

  test('what Gemini 3 proved comes back on the call, and what nobody knows is told as unknown', async () => {
    await using upstream = await startFakeUpstream({ script: [thoughtful('Hm.')] });
    await using gateway = await startGateway();
    await gateway.addAccount(accountAt(upstream, 'gemini', { models: [GEMINI] }));
    const chat = plainChat(GEMINI, stream);
    await chat.ask(gateway);
    upstream.play(text('Stars.'));
    await chat.ask(gateway);
    const [proof] = proofsOf(upstream.generations[1]);
    expect([upstream.generations[1]!.refusal, proof]).toEqual([undefined, expect.stringMatching(/^.{100}/)]);
    chat.messages[0] = { role: 'user', content: 'Another conversation' };
    await chat.ask(gateway);
    expect(proofsOf(upstream.generations[2])).toEqual(['skip_thought_signature_validator']);
  });

  test('R39: the family changes in the middle and back: each gets its own thoughts and no others', async () => {
    await using upstream = await startFakeUpstream({ script: [thoughtful('Claude first.')] });
    await using gateway = await startGateway();
    await gateway.addAccount(accountAt(upstream, 'anthropic-messages', { name: 'claude', models: [CLAUDE] }));
    await gateway.addAccount(accountAt(upstream, 'gemini', { name: 'gemini', models: [GEMINI] }));
    const chat = plainChat(CLAUDE, stream);
    await chat.ask(gateway);
    upstream.play(thoughtful('Gemini second.'));
    await chat.ask(gateway, GEMINI);
    upstream.play(thoughtful('Claude third.'));
    await chat.ask(gateway, CLAUDE);
    upstream.play(text('Stars.'));
    await chat.ask(gateway, CLAUDE);
    await chat.ask(gateway, GEMINI);
    const [, second, third, fourth, fifth] = upstream.generations;
    expect(upstream.generations.map(({ refusal }) => refusal)).toEqual(upstream.generations.map(() => undefined));
    expect(proofsOf(second)).toEqual(['skip_thought_signature_validator']);
    expect(blocksOf(third)).toEqual([
      ['Claude first.', 'text', 'tool_use'],
      ['text', 'tool_use'],
    ]);
    expect(third!.body!.thinking).toBeUndefined();
    expect(blocksOf(fourth)).toEqual([
      ['Claude first.', 'text', 'tool_use'],
      ['text', 'tool_use'],
      ['Claude third.', 'text', 'tool_use'],
    ]);
    const proofs = proofsOf(fifth);
    expect(proofs[0]).toBe('skip_thought_signature_validator');
    expect(proofs[1]).not.toBe('skip_thought_signature_validator');
    expect(proofs[2]).toBe('skip_thought_signature_validator');
  });
});

test('a seal that its vendor refuses is left out once, and nobody is blamed', async () => {
  await using upstream = await startFakeUpstream({ script: [text('Stars.')] });
  await using gateway = await startGateway();
  const account = await gateway.addAccount(accountAt(upstream, 'anthropic-messages', { models: [CLAUDE] }));
  const forged = { type: 'thinking', thinking: 'Forged.', signature: 'bm9ib2R5' };
  const call = { id: 'call_0123456789abcdef', type: 'function', function: { name: 'look', arguments: '{}' } };
  const messages = [
    { role: 'user', content: 'What is above?' },
    { role: 'assistant', content: '', thinking_blocks: [forged], tool_calls: [call] },
    { role: 'tool', tool_call_id: call.id, content: 'stars' },
  ];
  const ask = (added: readonly JsonObject[]) => {
    const body = { model: CLAUDE, messages: [...messages, ...added], tools: TOOLS, reasoning_effort: 'high' };
    return fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(body) });
  };
  const response = await ask([]);
  expect(response.status).toBe(200);
  expect(response.headers.get('x-trivium-warnings')).toBe('thinking-off, thoughts');
  const [refused, taken, ...more] = upstream.generations;
  expect([refused!.refusal === undefined, taken!.refusal, more]).toEqual([false, undefined, []]);
  expect(asArray(asObjects(taken!.body!.messages)[1]?.content)).toHaveLength(1);
  // what was refused once is not sent again, and thinking goes on
  const later = await ask([
    { role: 'assistant', content: 'Stars.' },
    { role: 'user', content: 'And below?' },
  ]);
  expect([later.status, later.headers.get('x-trivium-warnings')]).toEqual([200, null]);
  expect([upstream.generations.length, upstream.generations[2]!.refusal]).toEqual([3, undefined]);
  expect(upstream.generations[2]!.body!.thinking).toMatchObject({ type: 'enabled' });
  const { body: after } = await gateway.api<{ status: { state: string } }>(`/api/accounts/${account.id}`);
  expect(after.status).toMatchObject({ state: 'ready' });
});

test.each([false, true])(
  'thoughts that a local server writes into its answer are told as thoughts, streams: %p',
  async (stream) => {
    await using upstream = await startFakeUpstream({ script: [text('<think>\nHm.\n</think>\n\nYes.', { chunks: 9 })] });
    await using gateway = await startGateway();
    await gateway.addAccount(accountAt(upstream, 'openai-chat', { models: ['qwen3'] }));
    const body = {
      model: 'qwen3',
      max_tokens: 900,
      stream,
      thinking: { type: 'adaptive' },
      messages: [{ role: 'user', content: 'So?' }],
    };
    const response = await fetch(`${gateway.url}/v1/messages`, { method: 'POST', body: JSON.stringify(body) });
    const answer = await response.text();
    const told = (field: string) =>
      [...answer.matchAll(new RegExp(`"${field}":("(?:[^"\\\\]|\\\\.)*")`, 'g'))]
        .map((match) => JSON.parse(match[1]!))
        .join('');
    expect([told('thinking'), told('text')]).toEqual(['Hm.\n', 'Yes.']);
  },
);

test('an agent that knows nothing of thoughts works for 200 turns and changes its vendor every fifty', async () => {
  await using upstream = await startFakeUpstream({ script: [thoughtful('Hm.')] });
  await using gateway = await startGateway();
  await gateway.addAccount(accountAt(upstream, 'anthropic-messages', { name: 'claude', models: [CLAUDE] }));
  await gateway.addAccount(accountAt(upstream, 'gemini', { name: 'gemini', models: [GEMINI] }));
  const chat = plainChat(CLAUDE, true);
  for (let turn = 0; turn < 200; turn++) await chat.ask(gateway, Math.floor(turn / 50) % 2 === 0 ? CLAUDE : GEMINI);
  expect(upstream.generations.filter(({ refusal }) => refusal !== undefined)).toEqual([]);
  const [claude, gemini] = [149, 199].map((turn) => upstream.generations[turn]);
  // each has its own thoughts of all its turns, and none but its own
  const thought = blocksOf(claude).map((blocks) => (blocks as string[])[0] === 'Hm.');
  expect([thought.length, thought.filter(Boolean).length]).toEqual([149, 99]);
  const unknown = proofsOf(gemini).map((proof) => proof === 'skip_thought_signature_validator');
  expect([unknown.length, unknown.filter((is) => !is).length]).toEqual([199, 99]);
});
