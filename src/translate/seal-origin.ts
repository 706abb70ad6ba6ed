import type { DialectId } from './dialect-id.ts';
import type { Seal } from './seal.ts';

/** Who makes the seals of an answer, and whom those of a request are for. */
export interface SealOrigin {
  readonly dialect: DialectId;
  /** The name by which the upstream knows its model. */
  readonly model: string;
  /** Dialect and family of the model: `anthropic-messages/claude`. Seals are worth something only within it. */
  readonly family: string;
  /** The id of the account. */
  readonly account: string;
}

/** Names by which one vendor's models go, and what they are called here. */
const FAMILY_WORDS: readonly (readonly [name: RegExp, family: string])[] = [
  [/claude/, 'claude'],
  [/gemini/, 'gemini'],
  [/^(?:gpt|chatgpt|codex|o\d)/, 'gpt'],
];

/** The origin of seals at an account. */
export function sealOrigin(dialect: DialectId, model: string, account: string): SealOrigin {
  return { dialect, model, account, family: sealFamily(dialect, model) };
}

function sealFamily(dialect: DialectId, model: string): string {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  const known = FAMILY_WORDS.find(([pattern]) => pattern.test(name))?.[1];
  return `${dialect}/${known ?? /^[a-z]+/.exec(name)?.[0] ?? name}`;
}

/**
 * True where seals are worth something only to the account they were made for: the encrypted thoughts of Responses, and Claude
 * models that tie them to the organization. https://platform.openai.com/docs/guides/reasoning#encrypted-reasoning-items
 */
export function isAccountBound({ dialect, model }: Pick<SealOrigin, 'dialect' | 'model'>): boolean {
  if (dialect === 'openai-responses') return true;
  return dialect === 'anthropic-messages' && /claude-(?:sonnet|haiku)-5[-.]5(?!\d)/i.test(model);
}

const CLAUDE_VERSION = /claude-(?:[a-z]+-)?(\d{1,2})(?:[-.](\d)(?!\d))?(?!\d)/i;

/**
 * True for models that refuse a thought when anything before it was changed.
 * https://docs.claude.com/en/docs/build-with-claude/extended-thinking
 */
export function isPrefixBound({ dialect, model }: Pick<SealOrigin, 'dialect' | 'model'>): boolean {
  if (dialect !== 'anthropic-messages') return false;
  const version = CLAUDE_VERSION.exec(model);
  return version !== null && Number(`${version[1]}.${version[2] ?? 0}`) > 5;
}

/** Whether a seal may be shown to a target. A seal whose origin is not told is its own dialect's. */
export function fitsTarget(seal: Seal, target: SealOrigin): boolean {
  if (seal.dialect !== target.dialect) return false;
  if (seal.family !== undefined && seal.family !== target.family) return false;
  return seal.account === undefined || seal.account === target.account || !isAccountBound(target);
}

/** A seal with its origin on it. The text of a thought is told where its vendor compares the two. */
export function withOrigin(seal: Seal, origin: SealOrigin, thought?: string): Seal {
  // of a gateway before another one: the seal says itself where it is from
  if (seal.dialect !== origin.dialect) return seal;
  const { family, account } = origin;
  const checks = thought !== undefined && seal.dialect === 'anthropic-messages' && seal.kind === undefined;
  return { ...seal, family, account, ...(checks ? { text: hashOfText(thought) } : {}) };
}

/** Whether a thought still has the text it was sealed with. */
export function hasItsText(seal: Seal, thought: string): boolean {
  return seal.text === undefined || seal.text === hashOfText(thought);
}

function hashOfText(text: string): string {
  return Bun.hash(text).toString(36);
}
