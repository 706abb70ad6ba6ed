import { GatewayError } from '../base/gateway-error.ts';
import { isObject, type JsonObject, tryParseJson } from '../base/json.ts';
import type { Usage } from '../base/usage.ts';
import { createCollector } from '../translate/canonical/collect.ts';
import type { CanonicalEvent } from '../translate/canonical/event.ts';
import { replay } from '../translate/canonical/replay.ts';
import type { CanonicalResponse, Finish } from '../translate/canonical/response.ts';
import { joinAnswers } from '../translate/join-turns.ts';
import type { Loss } from '../translate/loss.ts';
import { passingHalf } from '../translate/registry.ts';
import { writeJsonArray } from '../translate/stream/json-array.ts';
import { parseSse, writeSse } from '../translate/stream/sse.ts';
import { runAll } from '../translate/stream/transducer.ts';
import { blameDepth } from '../translate/too-deep.ts';
import {
  type AnswerRoute,
  decodeAnswer,
  decodeAnswerStream,
  encodeAnswer,
  encodeAnswerStream,
  replayAnswer,
  type TranslatedAnswer,
  translateAnswer,
} from '../translate/translate-answer.ts';
import type { Continuer } from './continue-answer.ts';
import type { SeeFrame } from './stream-stage.ts';

/** A whole answer for a client, and what the record wants to know of it. */
export interface WholeBody {
  readonly body: Uint8Array | string;
  readonly usage?: Usage;
  readonly finish?: Finish;
  readonly losses: readonly Loss[];
  /** The id under which the upstream of a passed answer stores it. */
  readonly storedAs?: string;
  /** The object of a passed answer that its upstream does not store. */
  readonly unstored?: JsonObject;
}

/** What decides how a whole answer becomes a stream. */
interface ReplayWay {
  readonly asArray: boolean;
  readonly see?: SeeFrame | undefined;
  readonly continuer?: Continuer | undefined;
}

/** Whether an upstream's answer is a stream. */
export function isEventStream(response: Response): boolean {
  return /^text\/event-stream/i.test(response.headers.get('content-type') ?? '');
}

/** Looks at an answer's object before the client has it. */
type Look = (answer: JsonObject) => void;

/** The whole answer for a client that asked for one, whichever way the upstream gave it. Throws when it holds an error. */
export async function readWholeAnswer(
  response: Response,
  route: AnswerRoute,
  { keep, continuer }: { readonly keep?: Look | undefined; readonly continuer?: Continuer | undefined } = {},
): Promise<WholeBody> {
  if (continuer !== undefined) return wholeOf(encodeAnswer(route, await readTurns(response, route, continuer)), keep);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (isEventStream(response)) return wholeOf(encodeAnswer(route, collectStream(bytes, route)), keep);
  return wholeOf(translateAnswer(route, parseAnswer(bytes)), keep);
}

/** The same within one dialect: the bytes as they are, of which `look` is shown what they say. */
export async function passWholeAnswer(response: Response, route: AnswerRoute, look?: Look): Promise<WholeBody> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (isEventStream(response)) return wholeOf(encodeAnswer(route, collectStream(bytes, route)));
  const body = parseAnswer(bytes);
  const watched = passingHalf(route.upstream).watchResponse(body);
  if (watched.error !== undefined) throw watched.error;
  look?.(body);
  return {
    body: bytes,
    losses: [],
    ...(watched.storedAs === undefined ? {} : { storedAs: watched.storedAs }),
    ...(watched.unstored === undefined ? {} : { unstored: watched.unstored }),
    ...(watched.usage === undefined ? {} : { usage: watched.usage }),
    ...(watched.finish === undefined ? {} : { finish: watched.finish }),
  };
}

/** The turn in a response, and those that follow when its upstream paused it, as one answer. */
async function readTurns(
  response: Response,
  route: AnswerRoute,
  continuer: Continuer | undefined,
): Promise<CanonicalResponse> {
  let turn = await readTurn(response, route);
  let whole = turn;
  while (turn.finish.reason === 'pause' && continuer?.onPause(turn) === true) {
    turn = await readTurn(await continuer.reopen(), route);
    whole = joinAnswers(whole, turn);
  }
  return whole;
}

async function readTurn(response: Response, route: AnswerRoute): Promise<CanonicalResponse> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  return isEventStream(response) ? collectStream(bytes, route) : decodeAnswer(route, parseAnswer(bytes));
}

/** A whole answer told as a stream, for a client that asked for a stream and an upstream that gave none. */
export async function replayWholeAnswer(
  response: Response,
  route: AnswerRoute,
  { asArray, see, continuer }: ReplayWay,
): Promise<WholeBody> {
  const told = createCollector();
  const observe = (event: CanonicalEvent) => told.push(event);
  const frames =
    continuer === undefined
      ? replayAnswer(route, parseAnswer(new Uint8Array(await response.arrayBuffer())), observe)
      : runAll(encodeAnswerStream(route, observe), replay(await readTurns(response, route, continuer)));
  if (see !== undefined) frames.forEach(see);
  const body = asArray ? runAll(writeJsonArray, frames).join('') : frames.map(writeSse).join('');
  return { body, ...describe(told.response()) };
}

function wholeOf({ body, response }: TranslatedAnswer, keep?: Look): WholeBody {
  keep?.(body);
  return { body: writeBody(body), ...describe(response) };
}

function writeBody(body: JsonObject): string {
  try {
    return JSON.stringify(body);
  } catch (thrown) {
    throw blameDepth(thrown);
  }
}

function describe(whole: CanonicalResponse) {
  const { usage, finish, losses } = whole;
  return { finish, losses, ...(usage === undefined ? {} : { usage }) };
}

function collectStream(bytes: Uint8Array, route: AnswerRoute): CanonicalResponse {
  const collector = createCollector();
  const decode = decodeAnswerStream(route)((event) => collector.push(event));
  for (const frame of runAll(parseSse, [bytes])) decode.push(frame);
  decode.finish();
  return collector.response();
}

function parseAnswer(bytes: Uint8Array): JsonObject {
  const text = new TextDecoder().decode(bytes);
  const parsed = tryParseJson(text);
  if (isObject(parsed)) return parsed;
  const start = text.slice(0, 80).replaceAll(/\s+/g, ' ');
  throw new GatewayError(
    'upstream-malformed',
    `The upstream answered with something that is not its protocol: ${start}`,
  );
}
