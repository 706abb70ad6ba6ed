import { isDeepStrictEqual } from 'node:util';
import type { Account } from '../../../src/base/account.ts';
import { createRelay } from '../../../src/relay/relay.ts';
import type { UpstreamDialect } from '../../../src/translate/conformance/scenario.ts';
import { anAccount } from '../pool-builders.ts';
import { aCall, readAnswer, type SendStep, setUpRelay } from '../relay-set-up.ts';
import type { AgentClient, AgentResult, Taken } from './agent-client.ts';
import { type AgentService, createAgentService, inventScript, type Script } from './agent-service.ts';
import { type Dice, rollDice } from './random.ts';

/** A model of each family, by the dialect in which it is asked. */
export const MODELS: { readonly [U in UpstreamDialect]: string } = {
  'openai-chat': 'gpt-5.1',
  'openai-responses': 'gpt-5.2',
  'anthropic-messages': 'claude-sonnet-4-5',
  gemini: 'gemini-3-pro-preview',
};

/** One run of an agent. */
export interface AgentRun {
  readonly client: AgentClient;
  readonly turns: number;
  readonly seed: number;
  /** Turns after which the gateway is another one, which remembers nothing. Absent: it is the same to the end. */
  readonly restartEvery?: number;
  /** The model that is asked for in a turn. */
  model(turn: number): string;
}

/** What a run came to. */
export interface AgentReport {
  readonly service: AgentService;
  /** What went wrong, in the order it did. */
  readonly faults: readonly string[];
}

/** Lets an agent work with tools for so many turns through a relay of our own, against services that refuse what the real ones do. */
export async function runAgent({ client, turns, seed, restartEvery, model }: AgentRun): Promise<AgentReport> {
  const dice = rollDice(seed);
  const service = createAgentService(client.dialect);
  const faults: string[] = [];
  let script: Script = { calls: [] };
  const startGateway = () => {
    const steps = Array.from({ length: turns * 2 }, (): SendStep => (request) => service.answer(request, script));
    return createRelay(setUpRelay(steps, { accounts: accounts() }).ports);
  };
  let relay = startGateway();
  client.ask('Begin.');
  for (let turn = 0; turn < turns && faults.length === 0; turn++) {
    if (restartEvery !== undefined && turn % restartEvery === restartEvery - 1) {
      relay = startGateway();
      service.changeGateway();
    }
    script = inventScript(dice, turn);
    const call = aCall(client.dialect, client.body(model(turn)), {
      exchangeId: `exchange${turn}`,
      model: model(turn),
      stream: true,
    });
    const answer = await relay.carry(call);
    const text = await readAnswer(answer);
    faults.push(...service.faults.map((fault) => `turn ${turn}: ${fault}`));
    if (answer.type === 'whole') faults.push(`turn ${turn}: ${text}`);
    if (faults.length > 0) break;
    const taken = client.take(text);
    faults.push(...findMisread(client, script, taken).map((fault) => `turn ${turn}: ${fault}\n${text}`));
    goOn(client, dice, taken, turn);
  }
  return { service, faults };
}

function accounts(): Account[] {
  const root = (id: string) => `http://${id}.test`;
  return [
    anAccount('c', { baseUrl: `${root('c')}/v1`, dialects: ['openai-chat'], models: [MODELS['openai-chat']] }),
    anAccount('r', {
      baseUrl: `${root('r')}/v1`,
      dialects: ['openai-responses'],
      models: [MODELS['openai-responses']],
    }),
    anAccount('a', {
      provider: 'anthropic',
      baseUrl: root('a'),
      models: [MODELS['anthropic-messages'], 'claude-opus-4-8'],
    }),
    anAccount('g', { provider: 'gemini', baseUrl: root('g'), models: [MODELS.gemini, 'gemini-2.5-pro'] }),
  ];
}

/** What the client understood otherwise than the model said it. */
export function findMisread(client: AgentClient, script: Script, { text, calls }: Taken): string[] {
  const wrong = text === (script.text ?? '') ? [] : [`the text is "${text}", not "${script.text}"`];
  if (calls.length !== script.calls.length) return [...wrong, `${calls.length} calls, not ${script.calls.length}`];
  for (const [at, { tool, args }] of script.calls.entries()) {
    const { name, args: taken } = calls[at]!;
    const isFree = Object.keys(taken as object).join() === 'input';
    if (name !== client.tools[tool]) wrong.push(`${name} is called, not ${client.tools[tool]}`);
    if (!isFree && !isDeepStrictEqual(taken, args)) {
      wrong.push(`the arguments are ${JSON.stringify(taken)}, not ${JSON.stringify(args)}`);
    }
  }
  const ids = calls.map(({ id }) => id);
  return new Set(ids).size === ids.length ? wrong : [...wrong, `ids come twice: ${ids}`];
}

/** Results for all calls, or a new question; sometimes out of order, failed, with an image, or with words beside them. */
export function goOn(client: AgentClient, dice: Dice, { calls }: Taken, turn: number): void {
  if (calls.length === 0) client.ask(`Question ${turn}?`);
  else {
    const results = calls.map(
      (call, at): AgentResult => ({
        call,
        text: dice.chance(5) ? '' : `Result ${turn}.${at} — {"ok":true}`,
        failed: dice.chance(10),
        image: dice.chance(5),
      }),
    );
    const words = dice.chance(10) ? `And mind ${turn}.` : undefined;
    client.giveResults(dice.chance(30) ? dice.shuffle(results) : results, words);
  }
  if (dice.chance(15)) client.remind?.(`${turn} tokens left`);
}
