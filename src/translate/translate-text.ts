import { GatewayError, invalidRequest } from '../base/gateway-error.ts';
import { mintId } from '../base/id.ts';
import { asBoolean, asString, type JsonObject, parseJsonObject, tryParseJson } from '../base/json.ts';
import { maskError } from '../base/mask-text.ts';
import { type CanonicalRequest, emptyRequest } from './canonical/request.ts';
import type { Dialect } from './dialect.ts';
import type { DialectId } from './dialect-id.ts';
import type { Loss } from './loss.ts';
import { encodeRequestFor, uniqueLosses } from './prepare-request.ts';
import { DIALECTS } from './registry.ts';
import { refuseDeep } from './request-fields.ts';
import { parseJsonArray } from './stream/json-array.ts';
import { parseSse, writeSse } from './stream/sse.ts';
import { runAll } from './stream/transducer.ts';
import { type TargetTraits, traitsOfReference } from './target.ts';
import { blameDepth } from './too-deep.ts';
import { type AnswerRoute, translateAnswer, translateAnswerStream } from './translate-answer.ts';
import { writeBody } from './write-body.ts';

/** What is translated: from clients to upstreams, or back. */
export const TRANSLATION_KINDS = ['request', 'response', 'stream', 'error'] as const;
export type TranslationKind = (typeof TRANSLATION_KINDS)[number];

/** One translation of text to text, without an upstream, a pool or a network. */
export interface TranslationJob {
  readonly kind: TranslationKind;
  /** A request comes from a client's dialect; everything else from an upstream's. */
  readonly from: DialectId;
  readonly to: DialectId;
  readonly body: string;
  /** The model the client asked for. */
  readonly model?: string;
  /** For requests of dialects whose body does not say whether a stream is wanted. */
  readonly stream?: boolean;
  /** The client's original request, where the answer depends on it. */
  readonly request?: string;
  /** HTTP status of an error. */
  readonly status?: number;
  /** Headers of an error's answer, lower-case names. */
  readonly headers?: { readonly [name: string]: string };
}

/** The translated text and what it could not carry. */
export interface TranslatedText {
  readonly output: string;
  readonly losses: readonly Loss[];
}

/** Translates one text. Depends on the job and `now` (epoch ms) alone. Throws `GatewayError` for what cannot be translated. */
export function translateText(job: TranslationJob, now: number): TranslatedText {
  switch (job.kind) {
    case 'request':
      return translateRequest(job);
    case 'response':
      return translateResponse(job, now);
    case 'stream':
      return translateStream(job, now);
    case 'error':
      return translateError(job, now);
    default:
      return job.kind satisfies never;
  }
}

function translateRequest(job: TranslationJob): TranslatedText {
  if (job.from === job.to) return { output: job.body, losses: [] };
  const request = decodeClientRequest(job.from, job.body, job);
  const target = halfOf(job.to, 'upstream');
  const { body, losses } = encodeRequestFor(target, request, traitsOfReference(job.to));
  return { output: writeBody(body), losses };
}

function translateResponse(job: TranslationJob, now: number): TranslatedText {
  if (job.from === job.to) return { output: job.body, losses: [] };
  const { body, response } = translateAnswer(routeOf(job, now, false), parseJsonObject(job.body));
  try {
    return { output: JSON.stringify(body), losses: uniqueLosses(response.losses) };
  } catch (thrown) {
    throw blameDepth(thrown);
  }
}

function translateStream(job: TranslationJob, now: number): TranslatedText {
  if (job.from === job.to) return { output: job.body, losses: [] };
  const losses: Loss[] = [];
  const stage = translateAnswerStream(routeOf(job, now, true), (event) => {
    if (event.type === 'loss') losses.push(event.loss);
  });
  const parse = job.body.trimStart().startsWith('[') ? parseJsonArray : parseSse;
  const frames = runAll(parse, [new TextEncoder().encode(job.body)]);
  return { output: runAll(stage, frames).map(writeSse).join(''), losses: uniqueLosses(losses) };
}

function translateError(job: TranslationJob, now: number): TranslatedText {
  const codec = halfOf(job.from, 'upstream').upstream!;
  const failure = { status: job.status ?? 500, headers: job.headers ?? {}, body: job.body, now };
  const { body } = halfOf(job.to, 'client').client!.encodeError(maskError(codec.decodeError(failure)));
  return { output: JSON.stringify(body), losses: [] };
}

/** The two sides of the answer that a job translates. */
export function routeOf(job: TranslationJob, now: number, stream: boolean): AnswerRoute {
  const client = halfOf(job.to, 'client');
  const model = job.model ?? sniffModel(job.request ?? '') ?? sniffModel(job.body) ?? 'unknown';
  const request: CanonicalRequest =
    job.request === undefined
      ? emptyRequest(model, stream)
      : decodeClientRequest(job.to, job.request, { model, stream });
  return {
    upstream: halfOf(job.from, 'upstream'),
    client,
    traits: traitsOfReference(job.from) satisfies TargetTraits,
    targetModel: model,
    context: { request, exchangeId: mintId('', job.body, 32), createdAt: now },
  };
}

function decodeClientRequest(
  dialect: DialectId,
  text: string,
  wishes: { readonly model?: string; readonly stream?: boolean },
): CanonicalRequest {
  const body: JsonObject = parseJsonObject(text);
  refuseDeep(body);
  const model = wishes.model ?? asString(body.model) ?? 'unknown';
  const stream = wishes.stream ?? asBoolean(body.stream) ?? false;
  return halfOf(dialect, 'client').client!.decodeRequest(body, { model, stream });
}

function halfOf(id: DialectId, half: 'client' | 'upstream'): Dialect {
  const dialect = DIALECTS[id];
  if (dialect[half] === undefined) throw invalidRequest(`The dialect ${id} has no ${half} half.`);
  return dialect;
}

/** The first model a text names: streams say it in their first frames. */
function sniffModel(text: string): string | undefined {
  const match = /"(?:model|modelVersion)"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text);
  return asString(match?.[1] === undefined ? undefined : tryParseJson(match[1]));
}

/** Refuses losses, for `--strict`. */
export function refuseLosses(losses: readonly Loss[]): void {
  if (losses.length === 0) return;
  const fields = losses.map((loss) => loss.field).join(', ');
  throw new GatewayError('translation-refused', `Strict translation is on, and the target cannot carry: ${fields}.`);
}
