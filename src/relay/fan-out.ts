import { invalidRequest } from '../base/gateway-error.ts';
import { newExchangeId } from '../base/id.ts';
import {
  asNumber,
  asObject,
  asObjects,
  isObject,
  type JsonDraft,
  type JsonObject,
  tryParseJson,
} from '../base/json.ts';
import type { ChoiceFields } from '../translate/dialect.ts';
import { DIALECTS } from '../translate/registry.ts';
import { addCounts } from './add-counts.ts';
import type { Answer } from './answer.ts';
import { type ClientCall, readCallBody } from './call.ts';
import { joinStreams } from './join-streams.ts';

/** A request that is answered by several calls, and how many choices each of them gives. */
export interface FanOut {
  readonly calls: readonly ClientCall[];
  readonly choicesEach: number;
  readonly fields: ChoiceFields;
}

/** The most calls that one request may become. */
const MOST_CALLS = 64;

/**
 * The calls that a list of prompts becomes, one for each; `undefined` for any other request. Only legacy completions have such
 * lists. Throws `invalid-request` for one that is too long.
 */
export function splitPrompts(call: ClientCall): FanOut | undefined {
  if (call.dialect !== 'openai-completions') return undefined;
  const prompt = call.body.field('prompt');
  // a list of numbers is one prompt, in tokens
  if (!Array.isArray(prompt) || prompt.length < 2 || typeof prompt[0] === 'number') return undefined;
  if (prompt.length > MOST_CALLS) throw invalidRequest(`'prompt' may hold ${MOST_CALLS} prompts at most.`, 'prompt');
  const body = call.body.json();
  return {
    calls: prompt.map((entry, index) => callWith(call, index, { ...body, prompt: entry })),
    choicesEach: asNumber(body.n) ?? 1,
    fields: DIALECTS[call.dialect].choices!,
  };
}

/** The calls that a wish for several answers becomes, one for each; `undefined` where the request has no such wish. */
export function splitAnswers(call: ClientCall): FanOut | undefined {
  const fields = DIALECTS[call.dialect].choices;
  if (fields === undefined || call.asArray) return undefined;
  const { n: count, ...body } = call.body.json();
  const config = asObject(body.generationConfig);
  const n = asNumber(count) ?? asNumber(config?.candidateCount) ?? 1;
  if (n < 2 || n > MOST_CALLS) return undefined;
  const { candidateCount: _one, ...rest } = config ?? {};
  const alone = config === undefined ? body : { ...body, generationConfig: rest };
  const calls = Array.from({ length: n }, (_, index) => callWith(call, index + 1, alone));
  return { calls, choicesEach: 1, fields };
}

/** The first call keeps the id of the request; each of the others is an exchange of its own. */
function callWith(call: ClientCall, index: number, body: JsonObject): ClientCall {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return {
    ...call,
    exchangeId: index === 0 ? call.exchangeId : newExchangeId(call.startedAt),
    body: readCallBody(bytes),
  };
}

/** Makes the calls of a request side by side and joins what they answer; an error of one is the answer of all. */
export async function carryAll(fan: FanOut, carry: (call: ClientCall) => Promise<Answer>): Promise<Answer> {
  const answers = await Promise.all(fan.calls.map(carry));
  const failed = answers.find((answer) => answer.type === 'whole' && answer.error !== undefined);
  if (failed !== undefined) {
    for (const answer of answers) if (answer.type === 'stream') answer.source.cancel();
    return failed;
  }
  const streams = answers.filter((answer) => answer.type === 'stream');
  const [first] = answers;
  if (first?.type === 'stream') {
    const sources = streams.map(({ source }) => source);
    return { ...first, source: joinStreams(sources, fan.choicesEach, fan.fields) };
  }
  const bodies = answers.map((answer) => (answer.type === 'whole' ? readBody(answer.body) : {}));
  return { ...first!, body: JSON.stringify(joinBodies(bodies, fan)) } as Answer;
}

function readBody(body: Uint8Array | string): JsonObject {
  const parsed = tryParseJson(typeof body === 'string' ? body : new TextDecoder().decode(body));
  return isObject(parsed) ? parsed : {};
}

function joinBodies(bodies: readonly JsonObject[], { choicesEach, fields }: FanOut): JsonObject {
  const joined: JsonDraft = { ...bodies[0] };
  joined[fields.list] = bodies.flatMap((body, entry) =>
    asObjects(body[fields.list]).map((choice, at) => ({ ...choice, index: entry * choicesEach + at })),
  );
  const usage = bodies.reduce<JsonObject | undefined>(
    (sum, body) => addCounts(sum, asObject(body[fields.usage])),
    undefined,
  );
  if (usage !== undefined) joined[fields.usage] = usage;
  return joined;
}
