import { asObject, asObjects, asString, type JsonObject, tryParseJson } from '../../base/json.ts';
import type { StreamWatcher, Watched } from '../dialect.ts';
import type { SseFrame } from '../stream/sse.ts';
import { errorOfBody } from './decode-error.ts';
import { isUnstored, reasonOf, storedAs } from './decode-response.ts';
import { decodeFinish, decodeUsage } from './vocabulary.ts';

type Draft<T> = { -readonly [K in keyof T]: T[K] };

interface State {
  readonly report: Draft<Watched>;
  shownText: boolean;
  refusal: string;
  /** The items that were finished. */
  readonly output: JsonObject[];
  /** The last frame, in which the sequence number is looked up only when somebody asks. */
  last: string;
}

/** Watches the events of a passed-through stream. Deltas, nearly all of a stream, are told by their name and not parsed. */
export function watchStream(): StreamWatcher {
  const report = { contentSeen: false, ended: false };
  const state: State = { report, shownText: false, refusal: '', output: [], last: '' };
  return { see: (frame) => see(state, frame), report: () => tellReport(state) };
}

function tellReport({ report, output, last }: State): Watched {
  const sequenceNumber = sequenceOf(last);
  const opening = output.length === 0 || report.opening === undefined ? {} : { opening: { ...report.opening, output } };
  return sequenceNumber === undefined ? { ...report, ...opening } : { ...report, ...opening, sequenceNumber };
}

type SeeEvent = (state: State, data: JsonObject) => void;

const EVENTS: ReadonlyMap<string, SeeEvent> = new Map<string, SeeEvent>([
  ['response.created', seeStart],
  ['response.output_item.done', seeItem],
  ['response.completed', seeEnd],
  ['response.incomplete', seeEnd],
  ['response.failed', seeFailure],
  ['error', seeFailure],
]);

function see(state: State, frame: SseFrame): void {
  if (frame.data === '' || frame.data === '[DONE]') return;
  const name = frame.event ?? nameIn(frame.data);
  state.last = frame.data;
  if (name?.endsWith('.delta')) {
    state.report.contentSeen = true;
    if (name === 'response.output_text.delta') state.shownText = true;
    return;
  }
  if (name !== undefined && !EVENTS.has(name)) return;
  const data = asObject(tryParseJson(frame.data));
  if (data === undefined) return;
  const type = asString(data.type) ?? name;
  const seeEvent = type === undefined ? undefined : EVENTS.get(type);
  if (seeEvent !== undefined) seeEvent(state, data);
  else if (data.error !== undefined && data.error !== null) seeFailure(state, data);
}

function nameIn(data: string): string | undefined {
  return /^\s*\{\s*"type"\s*:\s*"([^"\\]+)"/.exec(data)?.[1];
}

// inside a string the quotes would stand behind backslashes, so what matches is a field
function sequenceOf(data: string): number | undefined {
  const at = /"sequence_number"\s*:\s*(\d+)/.exec(data);
  return at === null ? undefined : Number(at[1]);
}

function seeStart(state: State, data: JsonObject): void {
  const response = asObject(data.response);
  if (response === undefined) return;
  state.report.opening = response;
  const id = storedAs(response);
  if (id !== undefined) state.report.storedAs = id;
  const model = asString(response.model);
  if (model !== undefined) state.report.model = model;
}

function seeItem(state: State, data: JsonObject): void {
  const item = asObject(data.item);
  if (item !== undefined) state.output.push(item);
  const isThought = item?.type === 'reasoning' && asObjects(item.summary).length === 0;
  if (item !== undefined && !isThought) state.report.contentSeen = true;
  if (item?.type !== 'message') return;
  for (const part of asObjects(item.content)) {
    state.refusal += asString(part.refusal) ?? '';
    if (asString(part.text)) state.shownText = true;
  }
}

function seeEnd(state: State, data: JsonObject): void {
  const { report } = state;
  const response = asObject(data.response) ?? {};
  report.ended = true;
  report.finish = decodeFinish(asString(response.status), reasonOf(response), {
    text: state.shownText,
    refusal: state.refusal,
  });
  keepFigures(report, response);
  if (isUnstored(response)) report.unstored = response;
  if (asObjects(response.output).length > 0) report.contentSeen = true;
}

function seeFailure(state: State, data: JsonObject): void {
  const { report } = state;
  const response = asObject(data.response);
  // the event `error` comes first and its twin `response.failed` last
  if (response !== undefined) report.ended = true;
  report.error ??= errorOfBody(response ?? data);
  if (response !== undefined) keepFigures(report, response);
}

function keepFigures(report: Draft<Watched>, response: JsonObject): void {
  const usage = decodeUsage(response.usage);
  if (usage !== undefined) report.usage = usage;
  const model = asString(response.model);
  if (model !== undefined) report.model = model;
}
