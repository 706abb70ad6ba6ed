import { GatewayError } from '../../base/gateway-error.ts';
import { mintId } from '../../base/id.ts';
import { asArray, asObject, asObjects, asString, type JsonObject } from '../../base/json.ts';
import { bareParts } from '../bare-output.ts';
import type { ShownContent } from '../canonical/event-law.ts';
import type { AssistantPart } from '../canonical/request.ts';
import type { CanonicalResponse } from '../canonical/response.ts';
import type { AnswerContext, Watched } from '../dialect.ts';
import { errorOfBody } from './decode-error.ts';
import { decodeOutputItem } from './decode-output.ts';
import { expandParallel } from './expand-parallel.ts';
import { decodeFinish, decodeUsage } from './vocabulary.ts';

/** Decodes a whole answer. Throws the error it may hold, and `upstream-malformed` for one that is not finished. */
export function decodeResponse(body: JsonObject, context: AnswerContext): CanonicalResponse {
  const error = failureOf(body, context.createdAt);
  if (error !== undefined) throw error;
  const output = asObjects(body.output);
  const parts = output
    .flatMap((item, index) => decodeOutputItem(item, callIdFor(context, index)))
    .flatMap((part) => expandParallel(part, context));
  const messageId = asString(body.id);
  const model = asString(body.model);
  const usage = decodeUsage(body.usage);
  return {
    ...(messageId === undefined ? {} : { messageId }),
    ...(model === undefined ? {} : { model }),
    parts: bareParts(parts, context.request.output),
    finish: decodeFinish(asString(body.status), reasonOf(body), shownIn(parts)),
    ...(usage === undefined ? {} : { usage }),
    losses: [],
  };
}

/** The id of a call that its upstream gave none. */
export function callIdFor(context: AnswerContext, index: number): string {
  return mintId('call_', `${context.exchangeId}:call:${index}`, 24);
}

/** Why a response object is incomplete, in the upstream's word. */
export function reasonOf(response: JsonObject): string | undefined {
  return asString(asObject(response.incomplete_details)?.reason);
}

function failureOf(body: JsonObject, now: number): GatewayError | undefined {
  const status = asString(body.status);
  if ((body.error !== undefined && body.error !== null) || status === 'failed') return errorOfBody(body, now);
  if (status === undefined && body.output === undefined) {
    return new GatewayError('upstream-malformed', 'The upstream sent no response object.');
  }
  if (status === 'in_progress' || status === 'queued' || status === 'cancelled') {
    return new GatewayError('upstream-malformed', `The upstream answered with a response that is ${status}.`);
  }
  return undefined;
}

function shownIn(parts: readonly AssistantPart[]): ShownContent {
  let text = false;
  let refusal = '';
  for (const part of parts) {
    if (part.type !== 'text') continue;
    if (part.refusal) refusal += part.text;
    else text = true;
  }
  return { text, refusal };
}

/** The id of a response object that its upstream stores. */
export function storedAs(response: JsonObject): string | undefined {
  return response.object === 'response' && response.store !== false ? asString(response.id) : undefined;
}

/** Whether a finished response object says that its upstream does not store it. */
export function isUnstored(response: JsonObject): boolean {
  return response.object === 'response' && response.store === false && typeof response.id === 'string';
}

/** The report on a whole answer that is passed through. */
export function watchResponse(body: JsonObject): Watched {
  const status = asString(body.status);
  const failed = (body.error !== undefined && body.error !== null) || status === 'failed';
  const model = asString(body.model);
  const usage = decodeUsage(body.usage);
  const stored = storedAs(body);
  const output = asObjects(body.output);
  const shown = shownIn(output.flatMap((item) => (item.type === 'message' ? decodeOutputItem(item, '') : [])));
  return {
    contentSeen: asArray(body.output).length > 0,
    ended: !failed,
    ...(usage === undefined ? {} : { usage }),
    ...(failed ? { error: errorOfBody(body) } : { finish: decodeFinish(status, reasonOf(body), shown) }),
    ...(model === undefined ? {} : { model }),
    ...(stored === undefined ? {} : { storedAs: stored }),
    ...(!failed && isUnstored(body) ? { unstored: body } : {}),
  };
}
