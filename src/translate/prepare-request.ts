import { adaptTools } from './adapt-tools.ts';
import type { AssistantPart, CanonicalRequest, Message, UserPart } from './canonical/request.ts';
import type { Dialect, EncodedRequest, TargetRules, UpstreamCodec } from './dialect.ts';
import type { DialectId } from './dialect-id.ts';
import { dropped, type Loss } from './loss.ts';
import { repairMessages } from './repair/repair-messages.ts';
import type { TargetTraits } from './target.ts';
import { nameTools, type ToolNames } from './tool-names.ts';

/** A request made fit for its target, with the names that lead the answer's calls back. */
export interface PreparedRequest {
  readonly request: CanonicalRequest;
  readonly names: ToolNames;
  readonly losses: readonly Loss[];
}

/** Makes a request fit for a target: what only another dialect understands goes, names and order are put right. */
export function prepareRequest(request: CanonicalRequest, dialect: DialectId, rules: TargetRules): PreparedRequest {
  const own = keepOwn(rules.stops === false ? withoutStops(request) : request, dialect);
  const names = nameTools(own.request, rules.tools);
  const adapted = adaptTools(own.request, names, rules.tools);
  const repaired = repairMessages(adapted.request, rules.order);
  return { request: repaired.request, names, losses: [...own.losses, ...adapted.losses, ...repaired.losses] };
}

/** Encodes a canonical request for an upstream. The request's `model` is already the target's. */
export function encodeRequestFor(dialect: Dialect, request: CanonicalRequest, traits: TargetTraits): EncodedRequest {
  const codec = upstreamHalf(dialect);
  const prepared = prepareRequest(request, dialect.id, codec.rules(request.model, traits));
  const encoded = codec.encodeRequest(prepared.request, traits);
  return { body: encoded.body, losses: uniqueLosses([...prepared.losses, ...encoded.losses]) };
}

/** The names by which the answer's calls are led back; the same as `prepareRequest` gave the request. */
export function answerNames(codec: UpstreamCodec, request: CanonicalRequest, dialect: DialectId, traits: TargetTraits) {
  const rules = codec.rules(request.model, traits);
  return nameTools(keepOwn(request, dialect).request, rules.tools);
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

function keepOwn(request: CanonicalRequest, dialect: DialectId): { request: CanonicalRequest; losses: Loss[] } {
  const losses: Loss[] = [];
  const lose = (field: string, reason: string) => losses.push(dropped(field, reason));
  for (const [origin, fields] of Object.entries(request.extras)) {
    if (origin === dialect) continue;
    for (const field of Object.keys(fields ?? {})) lose(field, 'The target dialect has no such field.');
  }
  const own = request.extras[dialect];
  const tools = request.tools.filter((tool) => {
    if (tool.kind !== 'opaque' || tool.dialect === dialect) return true;
    lose(`tool=${tool.name ?? tool.type}`, 'The target cannot run this server tool.');
    return false;
  });
  const messages = request.messages.map((message) => keepOwnParts(message, dialect, lose));
  return { request: { ...request, tools, messages, extras: own === undefined ? {} : { [dialect]: own } }, losses };
}

function keepOwnParts(message: Message, dialect: DialectId, lose: (field: string, reason: string) => void): Message {
  const foreign = (part: UserPart | AssistantPart) => part.type === 'opaque' && part.dialect !== dialect;
  if (message.role !== 'user' && message.role !== 'assistant') return message;
  const parts: readonly (UserPart | AssistantPart)[] = message.parts;
  const needsCare = parts.some((part) => foreign(part) || (part.type === 'tool-result' && part.parts.some(foreign)));
  if (!needsCare) return message;
  const report = (part: UserPart | AssistantPart) => {
    if (part.type === 'opaque') lose(`part=${part.kind}`, 'The target dialect has no such part.');
  };
  const kept = parts.filter((part) => {
    if (foreign(part)) report(part);
    return !foreign(part);
  });
  const cleaned = kept.map((part) => {
    if (part.type !== 'tool-result' || !part.parts.some(foreign)) return part;
    part.parts.filter(foreign).forEach(report);
    return { ...part, parts: part.parts.filter((inner) => !foreign(inner)) };
  });
  return { ...message, parts: cleaned } as Message;
}

/** Each loss once: a field lost in forty turns is one fact. */
export function uniqueLosses(losses: readonly Loss[]): Loss[] {
  const seen = new Map<string, Loss>();
  for (const loss of losses) if (!seen.has(loss.field)) seen.set(loss.field, loss);
  return [...seen.values()];
}
