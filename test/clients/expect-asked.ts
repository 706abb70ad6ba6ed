import { expect } from 'bun:test';
import type { Asked, Stage } from './stage.ts';

/** Expects words in a body. Bodies are far too long to be shown when something is missing in them. */
export function expectIn({ rawBody }: Asked, words: string): void {
  expect(rawBody.includes(words) ? '' : `a body of ${rawBody.length} characters lacks ${words}`).toBe('');
}

/** What is expected of a request after an answer that was thought about. */
export interface ThoughtBack {
  readonly stage: Stage;
  readonly asked: Asked;
  readonly thought: string;
}

/** Expects a thought to be back: by its proof, or as text where the dialect has no proofs. */
export function expectThought({ stage: { dialect, upstream }, asked, thought }: ThoughtBack): void {
  const shown = dialect === 'openai-chat' ? [`"reasoning_content":${JSON.stringify(thought)}`] : [...upstream.proofs];
  expect(shown.some((proof) => asked.rawBody.includes(proof))).toBe(true);
}
