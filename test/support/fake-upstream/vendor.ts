import { mintId } from '../../../src/base/id.ts';
import type { JsonObject } from '../../../src/base/json.ts';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import type { Answer, ScriptedUsage, StatusOptions } from './scenario.ts';

/** One request to a vendor, read. */
export interface VendorCall {
  readonly headers: { readonly [name: string]: string };
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly model: string;
  readonly stream: boolean;
  /** Counts the requests of the service: ids and times are made of it, so that runs repeat. */
  readonly serial: number;
  readonly memory: Memory;
}

/** What a service remembers of its own answers, to know its proofs again. */
export interface Memory {
  readonly proofs: Set<string>;
  readonly responses: Set<string>;
}

/** One event of a stream, byte for byte. */
export interface WireEvent {
  readonly text: string;
  /** True: it carries something a user would see or a client would run. */
  readonly content: boolean;
}

/** An answer without a stream. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

/** An error the service tells. */
export interface VendorError extends StatusOptions {
  readonly status: number;
  readonly param?: string;
  readonly code?: string;
}

/** A service that speaks one dialect. */
export interface Vendor {
  readonly dialect: DialectId;
  streamType(call: VendorCall): string;
  /** Throws a `Refusal` in the service's own words for a request it would not take. */
  check(call: VendorCall): void;
  /** Throws one for a count request. */
  checkCount(call: VendorCall): void;
  headers(call: VendorCall): { readonly [name: string]: string };
  whole(answer: Answer, call: VendorCall): string;
  stream(answer: Answer, call: VendorCall): Iterable<WireEvent>;
  error(error: VendorError, serial: number): WireAnswer;
  /** What tells an error within a stream, after so many events. */
  streamError(call: VendorCall, sent: number): string;
  count(call: VendorCall): string;
  models(models: readonly string[], page: URLSearchParams): string;
}

/** Seconds since the epoch at which every service here lives. */
export const EPOCH_S = 1_795_000_000;

const DEFAULT_USAGE: ScriptedUsage = { input: 25, cacheRead: 0, cacheWrite: 0, output: 12, reasoning: 0 };

/** The tokens of an answer. */
export function usageOf(answer: Answer): ScriptedUsage {
  const reasoning = answer.thinking === undefined ? {} : { output: 20, reasoning: 8 };
  return { ...DEFAULT_USAGE, ...reasoning, ...answer.usage };
}

/** A stable id: the same request of a service always gets the same. */
export function idOf(prefix: string, call: VendorCall, index: number | string, length: number): string {
  return mintId(prefix, `${prefix}${call.serial}:${index}`, length);
}

/** A proof that the service wrote a thought; it will know it again. */
export function issueProof(call: VendorCall, index: number): string {
  const proof = Buffer.from(mintId('EqQB', `proof ${call.model} ${call.serial} ${index}`, 120)).toString('base64');
  call.memory.proofs.add(proof);
  return proof;
}

/** The pieces a text is streamed in; at least one where there is text at all. */
export function* piecesOf(answer: Answer): Iterable<string> {
  if (answer.pieces !== undefined) return yield* answer.pieces;
  if (answer.text !== undefined) yield* cut(answer.text, answer.chunks ?? 3);
}

/** The whole text. */
export function textOf(answer: Answer): string | undefined {
  return answer.pieces === undefined ? answer.text : [...answer.pieces].join('');
}

/** Cuts a text into so many pieces of nearly equal length, never within a character. */
export function cut(text: string, pieces: number): string[] {
  const characters = [...text];
  const size = Math.max(1, Math.ceil(characters.length / pieces));
  const result: string[] = [];
  for (let at = 0; at < characters.length; at += size) result.push(characters.slice(at, at + size).join(''));
  return result.length === 0 ? [''] : result;
}

/** Headers that a service's front adds to everything; none of them may reach a client. */
export const FRONT_HEADERS = {
  server: 'cloudflare',
  'cf-ray': '9a1b2c3d4e5f6789-FRA',
  'set-cookie': '__cf_bm=fake; path=/; HttpOnly; Secure',
  'alt-svc': 'h3=":443"; ma=86400',
} as const;
