/** The wire formats Trivium speaks. `openai-completions` has a client half only. */
export const DIALECT_IDS = [
  'openai-chat',
  'openai-completions',
  'openai-responses',
  'anthropic-messages',
  'gemini',
] as const;
export type DialectId = (typeof DIALECT_IDS)[number];

/** True for a name in `DIALECT_IDS`. */
export function isDialectId(value: unknown): value is DialectId {
  return typeof value === 'string' && (DIALECT_IDS as readonly string[]).includes(value);
}
