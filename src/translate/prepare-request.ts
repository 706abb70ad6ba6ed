import { adaptTools } from './adapt-tools.ts';
import { fitAnswerMedia } from './answer-media.ts';
import type { CanonicalRequest } from './canonical/request.ts';
import type { Dialect, EncodedRequest, TargetRules, UpstreamCodec } from './dialect.ts';
import type { DialectId } from './dialect-id.ts';
import { keepOwn } from './keep-own.ts';
import type { Loss } from './loss.ts';
import { refuseForeignEssentials } from './own-dialect-only.ts';
import { repairMessages } from './repair/repair-messages.ts';
import type { TargetTraits } from './target.ts';
import { nameTools, type ToolNames } from './tool-names.ts';

/** A request made fit for its target, with the names that lead the answer's calls back. */
export interface PreparedRequest {
  readonly request: CanonicalRequest;
  readonly names: ToolNames;
  readonly losses: readonly Loss[];
}

/**
 * Makes a request fit for a target: what only another dialect understands goes, names and order are put right. Throws
 * `translation-refused` where that would make it another request.
 */
export function prepareRequest(request: CanonicalRequest, dialect: DialectId, rules: TargetRules): PreparedRequest {
  refuseForeignEssentials(request, dialect);
  const media = fitAnswerMedia(request, rules);
  const own = keepOwn(rules.stops === false ? withoutStops(media.request) : media.request, dialect, rules);
  const names = nameTools(own.request, rules.tools);
  const adapted = adaptTools(own.request, names, rules.tools);
  const repaired = repairMessages(adapted.request, rules.order);
  return {
    request: repaired.request,
    names,
    losses: [...media.losses, ...own.losses, ...adapted.losses, ...repaired.losses],
  };
}

/** Encodes a canonical request for an upstream. The request's `model` is already the target's. Throws `translation-refused`. */
export function encodeRequestFor(dialect: Dialect, request: CanonicalRequest, traits: TargetTraits): EncodedRequest {
  const codec = upstreamHalf(dialect);
  const prepared = prepareRequest(request, dialect.id, codec.rules(request.model, traits));
  const encoded = codec.encodeRequest(prepared.request, traits);
  return { body: encoded.body, losses: uniqueLosses([...prepared.losses, ...encoded.losses]) };
}

/** The names by which the answer's calls are led back; the same as `prepareRequest` gave the request. */
export function answerNames(codec: UpstreamCodec, request: CanonicalRequest, dialect: DialectId, traits: TargetTraits) {
  const rules = codec.rules(request.model, traits);
  return nameTools(keepOwn(request, dialect, rules).request, rules.tools);
}

function upstreamHalf(dialect: Dialect): UpstreamCodec {
  if (dialect.upstream === undefined) throw new Error(`dialect ${dialect.id} has no upstream half`);
  return dialect.upstream;
}

function withoutStops(request: CanonicalRequest): CanonicalRequest {
  if (request.sampling.stop === undefined) return request;
  const { stop: _emulated, ...sampling } = request.sampling;
  return { ...request, sampling };
}

/** Each loss once: a field lost in forty turns is one fact. */
export function uniqueLosses(losses: readonly Loss[]): Loss[] {
  const seen = new Map<string, Loss>();
  for (const loss of losses) if (!seen.has(loss.field)) seen.set(loss.field, loss);
  return [...seen.values()];
}
