import type { AnswerContext } from '../dialect.ts';
import { type Seal, writeSeal } from '../seal.ts';

/**
 * What a client gets of thoughts: their text; only their seals, so that it can return them; or nothing. Claude Code returns seals
 * though it asked for no thoughts.
 */
export type ThoughtsShown = 'all' | 'seals' | 'none';

/** Marks a thought that has no seal as another vendor's: a block without any signature would be refused by Anthropic later. */
const FOREIGN_THOUGHT: Seal = { dialect: 'openai-chat', value: '' };

/** How much of the thoughts this client gets; all, when its request is not known. */
export function thoughtsFor({ request, client }: AnswerContext): ThoughtsShown {
  if (request.answer.showReasoning !== false) return 'all';
  return request.reasoning?.display === 'omitted' || client === 'claude-code' ? 'seals' : 'none';
}

/** The signature of a thinking block. */
export function signatureOf(seal: Seal | undefined): string {
  return writeSeal(seal ?? FOREIGN_THOUGHT, 'anthropic-messages');
}

/** The signature of the empty thinking block that stands before a part and carries its seal. */
export function attachedSignature(seal: Seal, attach: 'call' | 'text'): string {
  return writeSeal({ ...seal, attach }, 'anthropic-messages');
}

/** True for the seal of a whole thought that the dialect itself redacted. */
export function isOwnRedacted(seal: Seal | undefined): seal is Seal {
  return seal?.dialect === 'anthropic-messages' && seal.kind === 'redacted';
}
