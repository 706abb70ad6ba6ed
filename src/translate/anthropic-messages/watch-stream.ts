import type { GatewayError } from '../../base/gateway-error.ts';
import { asArray, asObject, asString, isObject, type JsonObject, tryParseJson } from '../../base/json.ts';
import type { Finish } from '../canonical/response.ts';
import type { StreamWatcher, Watched } from '../dialect.ts';
import type { SseFrame } from '../stream/sse.ts';
import { errorInAnswer } from './errors.ts';
import { optionalField } from './optional-field.ts';
import { decodeFinish, decodeUsage, mergeFigures, type UsageFigures, usageOf } from './vocabulary.ts';

interface State {
  contentSeen: boolean;
  ended: boolean;
  figures: UsageFigures;
  finish: Finish | undefined;
  error: GatewayError | undefined;
  model: string | undefined;
}

/** Blocks that say nothing yet when they start. */
const EMPTY_AT_START = /"type": ?"(?:text|thinking)"/;

/** What stands in the frames that matter after the first content. */
const NEWS = ['message_delta', 'message_stop', '"error"', 'event: error', 'event:error'];

/** Watches a passed-through stream. Deltas, nearly all of its frames, are known by their event name and not read. */
export function watchStream(): StreamWatcher {
  const state: State = {
    contentSeen: false,
    ended: false,
    figures: {},
    finish: undefined,
    error: undefined,
    model: undefined,
  };
  return { news: NEWS, see: (frame) => see(state, frame), report: () => report(state) };
}

function see(state: State, frame: SseFrame): void {
  switch (frame.event) {
    case 'content_block_delta':
      state.contentSeen = true;
      return;
    case 'content_block_start':
      if (!state.contentSeen && !EMPTY_AT_START.test(frame.data)) state.contentSeen = true;
      return;
    case 'content_block_stop':
    case 'ping':
      return;
    default:
      read(state, frame);
  }
}

function read(state: State, frame: SseFrame): void {
  const data = tryParseJson(frame.data);
  if (!isObject(data)) return;
  const type = asString(data.type) ?? frame.event;
  if (type === 'error' || isObject(data.error)) state.error = errorInAnswer({ ...data, type: 'error' });
  else if (type === 'message_start') readStart(state, asObject(data.message));
  else if (type === 'message_delta') readEnd(state, data);
  else if (type === 'message_stop') state.ended = true;
  else if (type?.startsWith('content_block_') && frame.event === undefined) see(state, { ...frame, event: type });
}

function readStart(state: State, message: JsonObject | undefined): void {
  state.figures = mergeFigures(state.figures, message?.usage);
  state.model ??= asString(message?.model);
}

function readEnd(state: State, data: JsonObject): void {
  state.figures = mergeFigures(state.figures, data.usage);
  const delta = asObject(data.delta);
  if (asString(delta?.stop_reason) !== undefined) state.finish = decodeFinish(delta!);
}

function report(state: State): Watched {
  const { contentSeen, ended, finish, error, model } = state;
  return {
    contentSeen,
    ended,
    ...optionalField('usage', usageOf(state.figures)),
    ...optionalField('finish', finish),
    ...optionalField('error', error),
    ...optionalField('model', model),
  };
}

/** The same report for a whole answer that is passed through. */
export function watchResponse(body: JsonObject): Watched {
  const stopReason = asString(body.stop_reason);
  return {
    contentSeen: asArray(body.content).length > 0,
    ended: true,
    ...optionalField('usage', decodeUsage(body.usage)),
    ...optionalField('finish', stopReason === undefined ? undefined : decodeFinish(body)),
    ...optionalField('error', errorInAnswer(body)),
    ...optionalField('model', asString(body.model)),
  };
}
