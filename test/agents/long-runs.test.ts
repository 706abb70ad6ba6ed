import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../src/base/json.ts';
import { UPSTREAMS, type UpstreamDialect } from '../../src/translate/conformance/scenario.ts';
import type { AgentClient } from '../support/agent/agent-client.ts';
import { chatAgent } from '../support/agent/chat-agent.ts';
import { geminiAgent } from '../support/agent/gemini-agent.ts';
import { messagesAgent } from '../support/agent/messages-agent.ts';
import { responsesAgent } from '../support/agent/responses-agent.ts';
import { MODELS, runAgent } from '../support/agent/run-agent.ts';
import { loadChecker, sharedFolder } from '../support/shared-folder.ts';

const TURNS = 200;
const SEED = 20_261_122;
const AGENTS: { readonly [U in UpstreamDialect]: () => AgentClient } = {
  'openai-chat': chatAgent,
  'openai-responses': responsesAgent,
  'anthropic-messages': () => messagesAgent('enabled'),
  gemini: geminiAgent,
};
/** The names of the requests in the schemas beside the project, where there are any. */
const SCHEMAS: { readonly [U in UpstreamDialect]: string } = {
  'openai-chat': 'ChatCompletionCreateParams',
  'openai-responses': 'ResponseCreateParams',
  'anthropic-messages': 'MessageCreateParams',
  gemini: 'GenerateContentRequest',
};
/** A family of models after the other, old and new ones. */
const ROUND = [...Object.values(MODELS), 'claude-opus-4-8', 'gemini-2.5-pro'];

describe.each([...UPSTREAMS])('an agent of %s works for 200 turns', (client) => {
  for (const upstream of UPSTREAMS.filter((one) => one !== client)) {
    test(`with an upstream of ${upstream}`, async () => {
      const model = () => MODELS[upstream];
      const { faults, service } = await runAgent({ client: AGENTS[client](), turns: TURNS, seed: SEED, model });
      expect({ faults, refused: service.refusals }).toEqual({ faults: [], refused: [] });
      expect(service.bodies.length).toBe(TURNS);
      // the vendors' own schemas know nothing that is not in the last request, which holds all turns
      expect(await findSchemaFaults(upstream, service.bodies.at(-1)!.body)).toEqual([]);
      // every thought that a service has proved comes back to it; those of the last answer could not yet
      const { given, returned } = service.proofs(upstream);
      expect(given - returned).toBeLessThanOrEqual(2);
      expect(given > TURNS / 2).toBe(upstream !== 'openai-chat');
    });
  }

  test('with a gateway that forgets everything every seven turns, and models of old and new generations', async () => {
    for (const model of ROUND) {
      const run = { client: AGENTS[client](), turns: 60, seed: SEED, restartEvery: 7, model: () => model };
      const { faults, service } = await runAgent(run);
      expect({ model, faults, refused: service.refusals }).toEqual({ model, faults: [], refused: [] });
    }
  });

  test('with another family of models every five turns', async () => {
    const model = (turn: number) => ROUND[Math.floor(turn / 5) % ROUND.length]!;
    const { faults, service } = await runAgent({ client: AGENTS[client](), turns: TURNS, seed: SEED, model });
    expect(faults).toEqual([]);
    expect(new Set(service.bodies.map(({ dialect }) => dialect)).size).toBe(UPSTREAMS.length);
  });
});

async function findSchemaFaults(upstream: UpstreamDialect, body: JsonObject): Promise<readonly string[]> {
  if (sharedFolder() === undefined) return [];
  return (await loadChecker()).schemas().validate(upstream, SCHEMAS[upstream], body, 'closed').errors;
}
