import { isDeepStrictEqual } from 'node:util';
import {
  asArray,
  asObject,
  asObjects,
  asString,
  isObject,
  type JsonObject,
  tryParseJson,
} from '../../../src/base/json.ts';
import type { Blame, ReadFrame, StreamReader, Told, ToldCall, ToldUsage } from './told.ts';

/** An item of the output that is being told. */
interface OpenItem {
  readonly added: JsonObject;
  /** The text of each part, by its place in the lists of parts. */
  readonly texts: Map<string, string>;
  readonly closed: Map<string, string>;
}

interface State {
  readonly blame: Blame;
  readonly items: JsonObject[];
  count: number;
  open?: OpenItem;
  sawError: boolean;
  last?: JsonObject;
}

const ENDS = ['response.completed', 'response.incomplete', 'response.failed'];

/** Which event repeats the sum of which pieces, and in which field. */
const SUMS: { readonly [done: string]: string } = {
  'response.output_text.done': 'text',
  'response.refusal.done': 'refusal',
  'response.reasoning_summary_text.done': 'text',
  'response.reasoning_text.done': 'text',
  'response.function_call_arguments.done': 'arguments',
  'response.custom_tool_call_input.done': 'input',
};

/** Reads a stream of events: created and in progress, items one after another, one end that repeats them all. */
export function readResponsesStream(blame: Blame): StreamReader {
  const state: State = { blame, items: [], count: 0, sawError: false };
  return { read: (frame) => readFrame(state, frame), end: () => endStream(state) };
}

function readFrame(state: State, { event, data }: ReadFrame): void {
  const { blame } = state;
  if (data === undefined) {
    blame('a [DONE], which this dialect does not have');
    return;
  }
  const type = asString(data.type) ?? '';
  if (event !== type) blame(`the event ${event} is of type ${type}`);
  if (data.sequence_number !== state.count) blame(`number ${data.sequence_number} at place ${state.count}`);
  if (state.last !== undefined) blame('something follows the end');
  const opening = ['response.created', 'response.in_progress'][state.count];
  if (opening !== undefined && opening !== type && type !== 'error') blame(`${type} in the place of ${opening}`);
  state.count++;
  readEvent(state, type, data);
}

function readEvent(state: State, type: string, data: JsonObject): void {
  if (type === 'error') state.sawError = true;
  else if (ENDS.includes(type)) endResponse(state, data);
  else if (type === 'response.output_item.added') openItem(state, data);
  else if (type === 'response.output_item.done') closeItem(state, data);
  else if (type.endsWith('.delta')) addPiece(state, data);
  else if (SUMS[type] !== undefined) checkSum(state, data, SUMS[type]);
}

function openItem(state: State, data: JsonObject): void {
  if (state.open !== undefined) state.blame('an item begins inside another');
  if (data.output_index !== state.items.length) state.blame(`item ${data.output_index} at place ${state.items.length}`);
  state.open = { added: asObject(data.item) ?? {}, texts: new Map(), closed: new Map() };
}

/** The place of a piece: its item and the part of it. */
function placeOf(state: State, data: JsonObject): string {
  if (data.output_index !== state.items.length || data.item_id !== state.open?.added.id) {
    state.blame(`a piece of another item than the open one: ${data.item_id}`);
  }
  return `${data.content_index ?? data.summary_index ?? ''}`;
}

function addPiece(state: State, data: JsonObject): void {
  const place = placeOf(state, data);
  const { texts, closed } = state.open ?? { texts: new Map<string, string>(), closed: new Map<string, string>() };
  if (closed.has(place)) state.blame('a piece after its end');
  texts.set(place, (texts.get(place) ?? '') + (asString(data.delta) ?? ''));
}

function checkSum(state: State, data: JsonObject, field: string): void {
  const place = placeOf(state, data);
  const sum = state.open?.texts.get(place) ?? '';
  if (asString(data[field]) !== sum) state.blame(`${data.type} says other than its pieces`);
  state.open?.closed.set(place, sum);
}

function closeItem(state: State, data: JsonObject): void {
  const { open, blame } = state;
  const item = asObject(data.item) ?? {};
  if (open === undefined || open.added.id !== item.id || open.added.type !== item.type)
    blame('an item ends that is not open');
  const pieces = [...(open?.texts ?? [])].sort().map(([, text]) => text);
  if (pieces.length > 0 && pieces.join('') !== textsOf(item).join('')) blame('an item says other than its pieces');
  for (const place of open?.texts.keys() ?? []) if (!open?.closed.has(place)) blame('a part without an end');
  if (item.type === 'function_call' && item.status === 'completed' && !isObject(tryParseJson(`${item.arguments}`))) {
    blame(`the arguments of ${item.name} are no object`);
  }
  state.items.push(item);
  delete state.open;
}

function endResponse(state: State, data: JsonObject): void {
  const response = asObject(data.response) ?? {};
  if (data.type !== `response.${response.status}`) state.blame('the end and its status differ');
  if (state.open !== undefined && response.status !== 'failed') state.blame('the end comes inside an item');
  const output = asArray(response.output).slice(0, state.items.length);
  if (!isDeepStrictEqual(output, state.items)) state.blame('the end repeats other items');
  state.last = response;
}

function endStream(state: State): Told {
  if (state.last === undefined) state.blame('no end');
  if (state.sawError && state.last?.status !== 'failed') state.blame('an error without a failure');
  return tellResponse(state.last ?? {});
}

function textsOf(item: JsonObject): string[] {
  const parts = [...asObjects(item.summary), ...asObjects(item.content)];
  const words = parts.map(({ text, refusal }) => asString(text) ?? asString(refusal) ?? '');
  const called = asString(item.arguments) ?? asString(item.input);
  return called === undefined ? words : [called];
}

/** What a whole response tells. */
export function tellResponse(response: JsonObject): Told {
  const items = asObjects(response.output);
  const joined = (type: string, gap: string) =>
    items
      .filter((item) => item.type === type)
      .map((item) => textsOf(item).join(gap))
      .join(gap);
  const reason = asString(asObject(response.incomplete_details)?.reason);
  const usage = readUsage(asObject(response.usage));
  return {
    text: joined('message', ''),
    thoughts: joined('reasoning', ''),
    calls: items.filter(({ type }) => type === 'function_call' || type === 'custom_tool_call').map(tellCall),
    failed: response.status === 'failed',
    finish: reason ?? `${response.status}`,
    ...(usage === undefined ? {} : { usage }),
  };
}

function tellCall(item: JsonObject): ToldCall {
  return { name: asString(item.name) ?? '', args: asString(item.arguments) ?? asString(item.input) ?? '' };
}

function readUsage(usage: JsonObject | undefined): ToldUsage | undefined {
  if (usage === undefined) return undefined;
  const cached = asObject(usage.input_tokens_details)?.cached_tokens;
  return { input: Number(usage.input_tokens), cached: Number(cached ?? 0), output: Number(usage.output_tokens) };
}
