import { expect, test } from 'bun:test';
import { aCall, answers, carry, chatAccount, chatAnswer, claudeBody } from '../../support/relay-set-up.ts';

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
