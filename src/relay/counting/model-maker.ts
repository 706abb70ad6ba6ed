/** What the tokens of a model are like, told by its name. */
export interface ModelMaker {
  readonly maker: 'openai' | 'anthropic' | 'google' | 'other';
  /** Its tokens of a text for each token of o200k_base. */
  readonly factor: number;
  /** How far off that is, as a share: one standard deviation. */
  readonly spread: number;
}

const CLAUDE_VERSION = /(?:^|[^\d.])(\d)[.-](\d{1,2})(?!\d)|(?:^|[^\d.])(\d)(?!\d)/;

/**
 * Tells the maker by the model's name. Claude from 4.7 on has a tokenizer that makes about a third more of the same text.
 * https://docs.claude.com/en/docs/build-with-claude/token-counting
 */
export function makerOf(model: string): ModelMaker {
  const name = model.toLowerCase().replace(/^.*\//, '');
  if (/claude/.test(name)) {
    return { maker: 'anthropic', factor: claudeVersion(name) >= 4.7 ? 1.5 : 1.15, spread: 0.1 };
  }
  if (/gemini|gemma/.test(name)) return { maker: 'google', factor: 1, spread: 0.06 };
  if (/^(?:ft:)?(?:gpt|o\d|chatgpt|codex)/.test(name)) return { maker: 'openai', factor: 1, spread: 0.03 };
  return { maker: 'other', factor: 1.05, spread: 0.12 };
}

/** `claude-opus-4-1-20250805` is 4.1, `claude-3-5-sonnet` 3.5, `claude-opus-5` 5; one without a number is as new as can be. */
function claudeVersion(name: string): number {
  const [, major, minor, alone] = CLAUDE_VERSION.exec(name) ?? [];
  if (major !== undefined) return Number(`${major}.${minor}`);
  return alone === undefined ? Number.POSITIVE_INFINITY : Number(alone);
}
