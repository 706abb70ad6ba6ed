import type { GatewayError } from '../../base/gateway-error.ts';
import { asArray, asObject, asObjects, asString, isObject, type JsonObject, tryParseJson } from '../../base/json.ts';
import { settleFinish } from '../canonical/event-law.ts';
import type { Finish } from '../canonical/response.ts';
import type { StreamWatcher, Watched } from '../dialect.ts';
import { readErrorBody } from './read-error.ts';
import { readFinishReason, readUsage } from './vocabulary.ts';

interface State {
  contentSeen: boolean;
  callSeen: boolean;
  model: string | undefined;
  error: GatewayError | undefined;
  /** The text of the last frame with each of these; read only when asked for. */
  usageFrame: string | undefined;
  endFrame: string | undefined;
}

/** A text that is not empty, or data of any other kind. Inside a string its quotes would be escaped. */
const CONTENT = /"text"\s*:\s*"[^"]|"(?:functionCall|function_call|inlineData|executableCode|fileData)"\s*:/;
const CALL = /"(?:functionCall|function_call)"\s*:/;
const MODEL = /"modelVersion"\s*:\s*"([^"\\]+)"/;

/** What stands in the frames that matter after the first content. */
const NEWS = ['"finishReason"', '"blockReason"', '"functionCall"', '"function_call"', '"error"'];

/** Watches a stream that is passed through. Frames are looked at as text; only the last ones are parsed, and errors. */
export function watchStream(): StreamWatcher {
  const state: State = {
    contentSeen: false,
    callSeen: false,
    model: undefined,
    error: undefined,
    usageFrame: undefined,
    endFrame: undefined,
  };
  return { news: NEWS, see: (frame) => see(state, frame.data), report: () => report(state) };
}

function see(state: State, data: string): void {
  if (!state.contentSeen && CONTENT.test(data)) state.contentSeen = true;
  if (!state.callSeen && CALL.test(data)) state.callSeen = true;
  state.model ??= MODEL.exec(data)?.[1];
  if (data.includes('"usageMetadata"') || data.includes('"usage_metadata"')) state.usageFrame = data;
  if (data.includes('"finishReason"') || data.includes('"blockReason"')) state.endFrame = data;
  if (state.error === undefined && data.includes('"error"')) state.error = readError(data);
}

function readError(data: string): GatewayError | undefined {
  const chunk = readFrame(data);
  return chunk !== undefined && isObject(chunk.error) ? readErrorBody(chunk) : undefined;
}

function readFrame(data: string | undefined): JsonObject | undefined {
  const value = data === undefined ? undefined : tryParseJson(data);
  return Array.isArray(value) ? asObjects(value)[0] : asObject(value);
}

function report(state: State): Watched {
  const usageChunk = readFrame(state.usageFrame);
  const endChunk = state.endFrame === state.usageFrame ? usageChunk : readFrame(state.endFrame);
  return describe({
    contentSeen: state.contentSeen,
    callSeen: state.callSeen,
    model: state.model,
    error: state.error,
    usageChunk,
    endChunk,
  });
}

/** The same report for a whole answer. */
export function watchResponse(body: JsonObject): Watched {
  const parts = asObjects(asObject(asObjects(body.candidates)[0]?.content)?.parts);
  return describe({
    contentSeen: parts.some((part) => part.text !== '' && Object.keys(part).length > 0),
    callSeen: parts.some((part) => isObject(part.functionCall)),
    model: asString(body.modelVersion),
    error: isObject(body.error) ? readErrorBody(body) : undefined,
    usageChunk: body,
    endChunk: body,
  });
}

interface Seen {
  readonly contentSeen: boolean;
  readonly callSeen: boolean;
  readonly model: string | undefined;
  readonly error: GatewayError | undefined;
  readonly usageChunk: JsonObject | undefined;
  readonly endChunk: JsonObject | undefined;
}

function describe({ contentSeen, callSeen, model, error, usageChunk, endChunk }: Seen): Watched {
  const meta = asObject(usageChunk?.usageMetadata) ?? asObject(usageChunk?.usage_metadata);
  const usage = meta && readUsage(meta);
  const finish = endChunk && readFinish(endChunk, callSeen);
  return {
    contentSeen,
    ended: finish !== undefined || error !== undefined,
    ...(usage === undefined ? {} : { usage }),
    ...(finish === undefined ? {} : { finish }),
    ...(error === undefined ? {} : { error }),
    ...(model === undefined ? {} : { model }),
  };
}

function readFinish(chunk: JsonObject, callSeen: boolean): Finish | undefined {
  const reasons = asArray(chunk.candidates).map((candidate) => asString(asObject(candidate)?.finishReason));
  const wireReason = reasons.find((reason) => reason !== undefined && reason !== 'FINISH_REASON_UNSPECIFIED');
  if (wireReason !== undefined) {
    const meaning = readFinishReason(wireReason);
    return settleFinish({ reason: meaning === 'malformed' ? 'stop' : meaning, wireReason }, callSeen ? 1 : 0);
  }
  const blockReason = asString(asObject(chunk.promptFeedback)?.blockReason);
  if (blockReason === undefined || blockReason === 'BLOCKED_REASON_UNSPECIFIED') return undefined;
  return { reason: 'content-filter', wireReason: blockReason };
}
