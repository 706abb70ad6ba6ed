import { expect, test } from 'bun:test';
import type { UpstreamDialect } from '../../src/translate/conformance/scenario.ts';
import { accountAt } from '../support/accounts-at.ts';
import { answerOf, inventScript } from '../support/agent/agent-service.ts';
import { messagesAgent } from '../support/agent/messages-agent.ts';
import { rollDice } from '../support/agent/random.ts';
import { findMisread, goOn } from '../support/agent/run-agent.ts';
import { startGateway } from '../support/executable.ts';
import { startFakeUpstream } from '../support/fake-upstream.ts';

const TURNS = 200;
const MODEL = 'gemini-3-pro-preview';

test('an agent of the Messages dialect works for 200 turns with Gemini through the executable', async () => {
  await using upstream = await startFakeUpstream();
  await using gateway = await startGateway();
  await gateway.addAccount(accountAt(upstream, 'gemini', { models: [MODEL] }));
  const dice = rollDice(5);
  const client = messagesAgent('adaptive');
  client.ask('Begin.');
  for (let turn = 0; turn < TURNS; turn++) {
    const script = inventScript(dice, turn);
    upstream.play(({ body = {}, dialect }) => answerOf(script, { body, dialect: dialect as UpstreamDialect }));
    const response = await fetch(`${gateway.url}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
      body: JSON.stringify(client.body(MODEL)),
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`turn ${turn}: ${text}`);
    const taken = client.take(text);
    expect({ turn, misread: findMisread(client, script, taken) }).toEqual({ turn, misread: [] });
    goOn(client, dice, taken, turn);
  }
  expect(upstream.generations.length).toBe(TURNS);
  expect(upstream.generations.filter(({ refusal }) => refusal !== undefined)).toEqual([]);
});
