import { asArray, isObject, tryParseJson } from '../base/json.ts';
import type { ReasoningPart } from './canonical/request.ts';
import { isDialectId } from './dialect-id.ts';
import type { Seal } from './seal.ts';

/** One piece of an answer: a whole thought, or the place and the seal of what the client sends back itself. */
export type StepPiece =
  | { readonly type: 'thought'; readonly part: ReasoningPart }
  | { readonly type: 'text'; readonly length: number; readonly seal?: Seal }
  | { readonly type: 'call'; readonly callId: string; readonly seal?: Seal };

/** What of an answer its client may not send back, and where it stood. */
export interface RememberedStep {
  readonly pieces: readonly StepPiece[];
  /** The hash of all turns before it, where its seals are worth something only after those. */
  readonly prefix?: string;
}

/** An answer as it is to be remembered, with what it is found by. */
export interface AnsweredStep extends RememberedStep {
  /** Calls as the client knows them. */
  readonly calls: readonly StepCall[];
  /** All that was said; empty when not all of it is known. */
  readonly text: string;
}

/** A call, by its id or by what it does. */
export interface StepCall {
  readonly callId: string;
  readonly name: string;
  readonly arguments: string;
}

/** Writes a step as text. */
export function writeStep({ pieces, prefix }: RememberedStep): string {
  return JSON.stringify(prefix === undefined ? { pieces } : { pieces, prefix });
}

/** Reads what `writeStep` wrote; `undefined` for anything else. */
export function readStep(text: string): RememberedStep | undefined {
  const value = tryParseJson(text);
  if (!isObject(value) || !asArray(value.pieces).every(isPiece)) return undefined;
  return value as unknown as RememberedStep;
}

function isPiece(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (value.type === 'text') return typeof value.length === 'number' && isSealOrNone(value.seal);
  if (value.type === 'call') return typeof value.callId === 'string' && isSealOrNone(value.seal);
  return isObject(value.part) && typeof value.part.text === 'string' && isSealOrNone(value.part.seal);
}

function isSealOrNone(value: unknown): boolean {
  if (value === undefined) return true;
  return (
    isObject(value) &&
    typeof value.dialect === 'string' &&
    isDialectId(value.dialect) &&
    typeof value.value === 'string'
  );
}
