import { asString, isObject, type JsonObject, tryParseJson } from '../base/json.ts';
import { type DialectId, isDialectId } from './dialect-id.ts';

/**
 * A vendor's proof that it wrote something: Anthropic's `signature`, the `encrypted_content` of Responses, Gemini's
 * `thoughtSignature`. Returned only to its own dialect.
 */
export interface Seal {
  readonly dialect: DialectId;
  readonly value: string;
  /** `redacted`: the value stands for the whole thought (Anthropic's `redacted_thinking`). */
  readonly kind?: 'redacted';
  /** The id of the wire item it was on, where the dialect wants it back. */
  readonly id?: string;
  /** Where it was attached, when that was not a thought. */
  readonly attach?: 'call' | 'text';
  /** The family of models that made it, as `seal-origin.ts` names it. Absent: its own vendor's, as far as anybody knows. */
  readonly family?: string;
  /** The account that it was made for. */
  readonly account?: string;
  /** The hash of the thought's text, where the vendor checks that text and seal belong together. */
  readonly text?: string;
}

const MAGIC = 'TRIV01';
/** What every envelope begins with: the base64 of `MAGIC`. */
const ENVELOPE_START = 'VFJJVjAx';

/**
 * The text that carries a seal through a client of `dialect`: the seal itself where it is at home, else an envelope that the
 * client echoes unread.
 */
export function writeSeal(seal: Seal, dialect: DialectId): string {
  if (seal.dialect === dialect && seal.kind === undefined && seal.attach === undefined) return seal.value;
  return Buffer.from(MAGIC + JSON.stringify(seal), 'utf8').toString('base64');
}

/** Opens what a client of `dialect` echoed: an envelope of ours, else a seal of the dialect's own vendor. */
export function readSeal(text: string, dialect: DialectId): Seal {
  return openEnvelope(text) ?? { dialect, value: text };
}

/** The seal in an envelope, or `undefined` for any other text. */
export function openEnvelope(text: string): Seal | undefined {
  if (!text.startsWith(ENVELOPE_START)) return undefined;
  const payload = tryParseJson(Buffer.from(text, 'base64').toString('utf8').slice(MAGIC.length));
  if (!isObject(payload) || !isDialectId(payload.dialect) || typeof payload.value !== 'string') return undefined;
  return {
    dialect: payload.dialect,
    value: payload.value,
    ...(payload.kind === 'redacted' ? { kind: 'redacted' } : {}),
    ...textFields(payload, ['id', 'family', 'account', 'text']),
    ...(payload.attach === 'call' || payload.attach === 'text' ? { attach: payload.attach } : {}),
  };
}

function textFields(payload: JsonObject, names: readonly ('id' | 'family' | 'account' | 'text')[]): Partial<Seal> {
  const told: { -readonly [K in (typeof names)[number]]?: string } = {};
  for (const name of names) {
    const text = asString(payload[name]);
    if (text !== undefined) told[name] = text;
  }
  return told;
}
