import { asArray, asObject, asObjects, asString, isObject, type JsonObject, tryParseJson } from '../../base/json.ts';
import { mergeUsage } from '../../base/usage.ts';
import type { StreamWatcher, Watched } from '../dialect.ts';
import type { SseFrame } from '../stream/sse.ts';
import { errorOfBody } from './errors.ts';
import { failureOf } from './finish-failure.ts';
import { readFinish, readUsage } from './vocabulary.ts';

type Draft = { -readonly [K in keyof Watched]: Watched[K] };

/** What stands in the chunks that matter after the first content; most servers write no blank after a colon, the others write one. */
const NEWS = ['"finish_reason":"', '"finish_reason": "', '"usage":{', '"usage": {', '"error"', '[DONE]', 'event:'];

/** Watches a passed-through stream. Once content has come, a chunk is parsed only when a look at its text shows news. */
export function watchStream(): StreamWatcher {
  const seen: Draft = { contentSeen: false, ended: false };
  // servers that write a blank after colons do so everywhere
  let gap = '';
  const hasNews = (data: string) =>
    data.includes(`"finish_reason":${gap}"`) || data.includes(`"usage":${gap}{`) || data.includes('"error"');
  const see = ({ data, event }: SseFrame) => {
    if (seen.contentSeen && event === undefined && !hasNews(data)) {
      if (data === '[DONE]') seen.ended = true;
      return;
    }
    if (data.trim() === '[DONE]') {
      seen.ended = true;
      return;
    }
    const chunk = tryParseJson(data);
    if (!isObject(chunk)) return;
    if (data.includes('"choices": ')) gap = ' ';
    note(seen, chunk, event);
  };
  return { news: NEWS, see, report: () => ({ ...seen }) };
}

/** The same report for a whole answer. */
export function watchResponse(body: JsonObject): Watched {
  const seen: Draft = { contentSeen: false, ended: true };
  note(seen, body, undefined);
  return seen;
}

function note(seen: Draft, chunk: JsonObject, event: string | undefined): void {
  if ((chunk.error !== undefined && chunk.error !== null && chunk.error !== '') || event === 'error') {
    seen.error = errorOfBody(chunk);
    return;
  }
  const model = asString(chunk.model);
  if (model) seen.model ??= model;
  const usage = mergeUsage(seen.usage, readUsage(chunk.usage ?? asObject(chunk.x_groq)?.usage));
  if (usage !== undefined) seen.usage = usage;
  for (const choice of asObjects(chunk.choices)) noteChoice(seen, choice);
}

function noteChoice(seen: Draft, choice: JsonObject): void {
  const said = asObject(choice.delta) ?? asObject(choice.message);
  if (hasContent(choice.text) || (said !== undefined && SHOWN.some((field) => hasContent(said[field])))) {
    seen.contentSeen = true;
  }
  const word = asString(choice.finish_reason);
  if (!word) return;
  const failure = failureOf(choice, word, seen.contentSeen);
  if (failure !== undefined) seen.error = failure;
  else {
    // not every server sends `[DONE]`; after its finish an answer is whole
    seen.finish = readFinish(word, choice.stop_reason);
    seen.ended = true;
  }
}

/** What a user sees, hears or has run. */
const SHOWN: readonly string[] = [
  'content',
  'reasoning_content',
  'reasoning',
  'refusal',
  'tool_calls',
  'function_call',
  'audio',
  'images',
];

function hasContent(value: unknown): boolean {
  if (typeof value === 'string') return value !== '';
  return isObject(value) || asArray(value).length > 0;
}
