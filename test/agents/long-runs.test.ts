import { describe, expect, test } from 'bun:test';
import { UPSTREAMS, type UpstreamDialect } from '../../src/translate/conformance/scenario.ts';
import type { AgentClient } from '../support/agent/agent-client.ts';
import { chatAgent } from '../support/agent/chat-agent.ts';
import { geminiAgent } from '../support/agent/gemini-agent.ts';
import { messagesAgent } from '../support/agent/messages-agent.ts';
import { responsesAgent } from '../support/agent/responses-agent.ts';
import { MODELS, runAgent } from '../support/agent/run-agent.ts';

const TURNS = 200;
const AGENTS: { readonly [U in UpstreamDialect]: () => AgentClient } = {
  'openai-chat': chatAgent,
  'openai-responses': responsesAgent,
  'anthropic-messages': () => messagesAgent('enabled'),
  gemini: geminiAgent,
};

describe.each([...UPSTREAMS])('an agent of %s works for 200 turns', (client) => {
  for (const upstream of UPSTREAMS.filter((one) => one !== client)) {
    test(`with an upstream of ${upstream}`, async () => {
      const { faults, service } = await runAgent({
        client: AGENTS[client](),
        turns: TURNS,
        seed: 7,
        model: () => MODELS[upstream],
      });
      expect(faults).toEqual([]);
    });
  }
});
