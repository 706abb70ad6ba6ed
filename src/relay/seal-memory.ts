import type { StepFinder } from '../translate/recall-thoughts.ts';
import {
  type AnsweredStep,
  type RememberedStep,
  readStep,
  type StepCall,
  writeStep,
} from '../translate/remembered-step.ts';
import type { SealOrigin } from '../translate/seal-origin.ts';

/** What is kept of answers whose clients may not send all of it back. The store fills it in. */
export interface SealMemory {
  /** True while nothing at all is kept. */
  isEmpty(): boolean;
  /** What was kept under a key, which is kept longer for it. */
  find(key: string): string | undefined;
  /** Keeps a text; never waits and never throws. */
  keep(key: string, value: string): void;
}

/** Programs that send back byte for byte all they were given, so that nothing has to be kept for them. */
const RETURNS_ALL: ReadonlySet<string> = new Set(['claude-code', 'codex']);

/** Whether thoughts have to be kept for a program. */
export function forgetsThoughts(client: string): boolean {
  return !RETURNS_ALL.has(client);
}

/** Ids that no other conversation has. Others are looked up within their conversation alone. */
const UNIQUE_ID = /^[\w-]{16,}$/;

/** Looks steps up that a family of models made. `undefined` when there is nothing to find. */
export function openSteps(
  memory: SealMemory,
  { family }: SealOrigin,
  sessionKey: string | undefined,
): StepFinder | undefined {
  if (memory.isEmpty()) return undefined;
  const find = (key: string | undefined): RememberedStep | undefined => {
    const text = key === undefined ? undefined : memory.find(key);
    return text === undefined ? undefined : readStep(text);
  };
  return {
    ofCall: (call) => find(callKey(family, sessionKey, call)) ?? find(deedKey(family, sessionKey, call)),
    ofText: (text) => find(textKey(family, sessionKey, text)),
  };
}

/**
 * Keeps a step under its first call, else under what was said. `namesDeeds`: the client may not know the call by the id that it
 * has here.
 */
export function keepStep(
  memory: SealMemory,
  step: AnsweredStep,
  at: { readonly origin: SealOrigin; readonly sessionKey: string | undefined; readonly namesDeeds: boolean },
): void {
  const { family } = at.origin;
  const [call] = step.calls;
  const key = call === undefined ? textKey(family, at.sessionKey, step.text) : callKey(family, at.sessionKey, call);
  const value = writeStep(step);
  if (key !== undefined) memory.keep(key, value);
  if (!at.namesDeeds || call === undefined) return;
  const deed = deedKey(family, at.sessionKey, call);
  if (deed !== undefined) memory.keep(deed, value);
}

function callKey(family: string, sessionKey: string | undefined, { callId }: StepCall): string {
  const scope = UNIQUE_ID.test(callId) ? '' : (sessionKey ?? '');
  return hashKey(`call\n${family}\n${scope}\n${callId}`);
}

/** Clients of Gemini may not know an id: then a call is what it does. */
function deedKey(family: string, sessionKey: string | undefined, call: StepCall): string | undefined {
  if (sessionKey === undefined || !family.startsWith('gemini/')) return undefined;
  return hashKey(`deed\n${family}\n${sessionKey}\n${call.name}\n${call.arguments}`);
}

/** Without a conversation the same words may be anybody's. */
function textKey(family: string, sessionKey: string | undefined, text: string): string | undefined {
  const said = text.trim();
  if (sessionKey === undefined || said === '') return undefined;
  return hashKey(`text\n${family}\n${sessionKey}\n${said}`);
}

/** The key of what a text names. */
export function hashKey(text: string): string {
  return BigInt(Bun.hash(text, 1n)).toString(36) + BigInt(Bun.hash(text, 2n)).toString(36);
}
