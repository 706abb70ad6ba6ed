import { asArray, asObject, asObjects, isObject, type JsonObject } from '../base/json.ts';
import { type Edit, type Edits, REMOVE, set } from './edit-body.ts';
import { dropped } from './loss.ts';

const THOUGHTS = new Set<unknown>(['thinking', 'redacted_thinking']);

/** What is told when thinking is not asked for since the history forbids it. */
export const NO_LEADING_THOUGHT = dropped('thinking-off', 'The last turn lacks the signed thought it began with.');

/**
 * Whether Anthropic refuses thinking under a budget after this turn of a model: it has calls and does not begin with a thought.
 * https://docs.claude.com/en/docs/build-with-claude/extended-thinking#preserving-thinking-blocks
 */
export function forbidsThinking(turn: JsonObject | undefined): boolean {
  const blocks = asObjects(turn?.content);
  return blocks.some(({ type }) => type === 'tool_use') && !THOUGHTS.has(blocks[0]!.type);
}

/** Changes that end Anthropic's thinking, and the clearing of thoughts with it, which is refused without. */
export function endThinking(field: (key: string) => unknown): Edits {
  const edits = new Map<string, Edit>([['thinking', REMOVE]]);
  const management = asObject(field('context_management'));
  const steps = asArray(management?.edits);
  const kept = steps.filter((step) => !isObject(step) || !String(step.type).startsWith('clear_thinking'));
  if (kept.length === steps.length) return edits;
  const inside = new Map<string, Edit>([['edits', set(kept)]]);
  const isAll = kept.length === 0 && Object.keys(management!).length === 1;
  return edits.set('context_management', isAll ? REMOVE : { type: 'members', edits: inside });
}
