import { readClaudeVersion } from '../../translate/models/claude.ts';

/** What the tokens of a model are like, told by its name. */
export interface ModelMaker {
  readonly maker: 'openai' | 'anthropic' | 'google' | 'other';
  /** Its tokens of a text for each token of o200k_base. */
  readonly factor: number;
  /** How far off that is, as a share: one standard deviation. */
  readonly spread: number;
}

/** A Claude whose name says no version is most likely a new one. */
const NEWEST = 99;

/**
 * Tells the maker by the model's name. Claude from 4.7 on has a tokenizer that makes about a third more of the same text.
 * https://docs.claude.com/en/docs/build-with-claude/token-counting
 */
export function makerOf(model: string): ModelMaker {
  const name = model.toLowerCase().replace(/^.*\//, '');
  if (/claude/.test(name)) {
    const version = readClaudeVersion(model) ?? NEWEST;
    return { maker: 'anthropic', factor: version >= 47 ? 1.5 : 1.15, spread: 0.1 };
  }
  if (/gemini|gemma/.test(name)) return { maker: 'google', factor: 1, spread: 0.06 };
  if (/^(?:ft:)?(?:gpt|o\d|chatgpt|codex)/.test(name)) return { maker: 'openai', factor: 1, spread: 0.03 };
  return { maker: 'other', factor: 1.05, spread: 0.12 };
}
