import { parseJsonObject } from '../../src/base/json.ts';
import { createRelay } from '../../src/relay/relay.ts';
import { anAccount } from './pool-builders.ts';
import { aCall, readAnswer, type SendStep, setUpRelay } from './relay-set-up.ts';

/** A body's model that is only translated to. */
export const claude = { model: 'claude-sonnet-4-5' };
/** One whose upstream speaks Responses itself. */
export const gpt = { model: 'gpt-5.5' };

/** An account of OpenAI, whose Responses API stores what it says. */
export function openaiAccount(id: string, change: object = {}) {
  return anAccount(id, { provider: 'openai', baseUrl: `http://${id}.test/v1`, models: [gpt.model], ...change });
}

/** A whole answer of such an account. */
export const responseAnswer = (more: object = {}) => ({
  id: 'resp_up',
  object: 'response',
  status: 'completed',
  model: gpt.model,
  output: [{ id: 'msg_up', type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello' }] }],
  store: true,
  ...more,
});

/** A request of a Responses client. */
export const ask = (body: object, options: object = {}) => aCall('openai-responses', body, options);

/** Asks once, and then once more with the id of the first answer. */
export async function twoTurns(
  first: object,
  second: object,
  steps: readonly SendStep[],
  accounts: readonly ReturnType<typeof anAccount>[],
) {
  const setUp = setUpRelay(steps, { accounts });
  const relay = createRelay(setUp.ports);
  const said = parseJsonObject(await readAnswer(await relay.carry(ask(first))));
  const answer = await relay.carry(ask({ ...second, previous_response_id: said.id }, { exchangeId: 'exchange2' }));
  return {
    ...setUp,
    said,
    second: parseJsonObject(await readAnswer(answer)),
    status: 'status' in answer ? answer.status : 200,
  };
}
