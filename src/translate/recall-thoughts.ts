import { mapSame } from './canonical/map-same.ts';
import type { AssistantMessage, AssistantPart, CanonicalRequest, Message, TextPart } from './canonical/request.ts';
import { hashMessage } from './hash-message.ts';
import type { RememberedStep, StepCall, StepPiece } from './remembered-step.ts';
import type { Seal } from './seal.ts';
import { fitsTarget, hasItsText, type SealOrigin } from './seal-origin.ts';

/** Finds what was kept of earlier answers. */
export interface StepFinder {
  ofCall(call: StepCall): RememberedStep | undefined;
  ofText(text: string): RememberedStep | undefined;
}

/** For whom earlier thoughts are brought back. */
export interface Recall {
  readonly target: SealOrigin;
  /** True: the upstream wants thoughts back as text, sealed or not. */
  readonly wantsText: boolean;
  readonly steps?: StepFinder;
  /** Tells of seals that the target does not take although they are for it: it has refused them before. */
  readonly isForeign?: (value: string) => boolean;
}

/**
 * The request with the earlier thoughts that its target takes: those whose seal is for another family or account, or whose text
 * was changed, go; those that the client did not send back come from memory.
 */
export function recallThoughts(request: CanonicalRequest, recall: Recall): CanonicalRequest {
  const state: State = { recall, prefix: '', hashed: 0, told: [] };
  const messages = mapSame(request.messages, (message) => {
    const told = message.role === 'assistant' ? recallMessage(message, state) : message;
    state.told.push(told);
    return told;
  });
  return messages === request.messages ? request : { ...request, messages };
}

/** The hash of a conversation, as it is told to a target. */
export function hashTurns(messages: readonly Message[]): string {
  return messages.reduce((hash, message) => hashMessage(message, hash), '');
}

interface State {
  readonly recall: Recall;
  /** The hash of the turns told so far, up to `hashed`. */
  prefix: string;
  hashed: number;
  readonly told: Message[];
}

function recallMessage(message: AssistantMessage, state: State): AssistantMessage {
  const { target, wantsText, steps } = state.recall;
  const own = keepFit(message, state.recall);
  if (steps === undefined || hasThoughts(own, wantsText)) return own;
  const step = findStep(own, steps);
  if (step === undefined || !isAfterItsTurns(step, state)) return own;
  const fit = step.pieces.filter((piece) => piece.type !== 'thought' || isFit(piece.part.seal, state.recall));
  return { ...own, parts: putBack(own.parts, fit, target) };
}

/** A message without what is sealed for somebody else. */
function keepFit(message: AssistantMessage, { target, isForeign: isRefused }: Recall): AssistantMessage {
  const isForeign = (part: AssistantPart) => {
    if (!('seal' in part) || part.seal === undefined || part.seal.dialect !== target.dialect) return false;
    return !isWorth(part, part.seal, target) || isRefused?.(part.seal.value) === true;
  };
  if (!message.parts.some(isForeign)) return message;
  const parts = message.parts.flatMap((part): readonly AssistantPart[] => {
    if (!isForeign(part)) return [part];
    if (part.type !== 'text' && part.type !== 'tool-call') return [];
    const { seal: _foreign, ...rest } = part;
    return [rest];
  });
  return { ...message, parts };
}

function isWorth(part: AssistantPart, seal: Seal, target: SealOrigin): boolean {
  return fitsTarget(seal, target) && (part.type !== 'reasoning' || hasItsText(seal, part.text));
}

function isFit(seal: Seal | undefined, { target, wantsText, isForeign }: Recall): boolean {
  if (seal === undefined) return wantsText;
  return fitsTarget(seal, target) && isForeign?.(seal.value) !== true;
}

/** Whether a client has sent back what it was given. */
function hasThoughts({ parts }: AssistantMessage, wantsText: boolean): boolean {
  return parts.some((part) => {
    if (part.type === 'reasoning' && wantsText && part.text !== '') return true;
    return 'seal' in part && part.seal !== undefined;
  });
}

function findStep({ parts }: AssistantMessage, steps: StepFinder): RememberedStep | undefined {
  let calls = 0;
  for (const part of parts) {
    if (part.type !== 'tool-call') continue;
    calls++;
    const step = steps.ofCall(part);
    if (step !== undefined) return step;
  }
  return calls > 0 ? undefined : steps.ofText(textOf(parts));
}

function textOf(parts: readonly AssistantPart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

function isAfterItsTurns(step: RememberedStep, state: State): boolean {
  if (step.prefix === undefined) return true;
  for (; state.hashed < state.told.length; state.hashed++) {
    state.prefix = hashMessage(state.told[state.hashed]!, state.prefix);
  }
  return state.prefix === step.prefix;
}

/** The parts with the thoughts between them: each where it stood, else before what was said, or before the calls. */
function putBack(
  parts: readonly AssistantPart[],
  pieces: readonly StepPiece[],
  target: SealOrigin,
): readonly AssistantPart[] {
  // the seal that a thought had stays behind with the thought that the client tells in its own words
  const said = parts.filter((part) => part.type !== 'reasoning').map((part) => sealCall(part, pieces, target));
  return putBetween(said, pieces) ?? putBefore(said, pieces);
}

function sealCall(part: AssistantPart, pieces: readonly StepPiece[], target: SealOrigin): AssistantPart {
  if (part.type !== 'tool-call') return part;
  const piece = pieces.find((one) => one.type === 'call' && one.callId === part.callId);
  const seal = piece?.type === 'call' ? piece.seal : undefined;
  return seal === undefined || !fitsTarget(seal, target) ? part : { ...part, seal };
}

/** The answer as it was, when what the client says of it is what was said. */
function putBetween(
  said: readonly AssistantPart[],
  pieces: readonly StepPiece[],
): readonly AssistantPart[] | undefined {
  const text = textOf(said);
  const length = pieces.reduce((sum, piece) => sum + (piece.type === 'text' ? piece.length : 0), 0);
  const others = said.filter((part) => part.type !== 'text');
  const isAsItWas = others.every((part) => part.type === 'tool-call') && text.length === length;
  if (!isAsItWas || others.length !== pieces.filter((piece) => piece.type === 'call').length) return undefined;
  const texts = said.filter((part): part is TextPart => part.type === 'text');
  const cuts = cutTexts(texts, pieces);
  return pieces.flatMap((piece): readonly AssistantPart[] => {
    if (piece.type === 'thought') return [piece.part];
    return piece.type === 'call' ? [others.shift()!] : cuts.shift()!;
  });
}

/** What was said, cut where it was cut. A cache mark stays at the end of it. */
function cutTexts(texts: readonly TextPart[], pieces: readonly StepPiece[]): (readonly TextPart[])[] {
  const text = textOf(texts);
  const lengths = pieces.filter((piece) => piece.type === 'text');
  const { cache, seal: _seal, ...form } = texts.at(-1) ?? { type: 'text', text };
  let at = 0;
  return lengths.map(({ length, seal }, index) => {
    const start = at;
    at += length;
    if (length === 0 && seal === undefined) return [];
    const mark = cache === undefined || index < lengths.length - 1 ? {} : { cache };
    return [{ ...form, text: text.slice(start, at), ...mark, ...(seal === undefined ? {} : { seal }) }];
  });
}

function putBefore(said: readonly AssistantPart[], pieces: readonly StepPiece[]): readonly AssistantPart[] {
  const firstOther = pieces.findIndex((piece) => piece.type !== 'thought');
  const isThought = (piece: StepPiece) => piece.type === 'thought';
  const thoughtsOf = (some: readonly StepPiece[]) => some.filter(isThought).map((piece) => piece.part);
  if (firstOther < 0) return [...thoughtsOf(pieces), ...said];
  const firstCall = said.findIndex((part) => part.type === 'tool-call');
  const at = firstCall < 0 ? said.length : firstCall;
  const lead = thoughtsOf(pieces.slice(0, firstOther));
  return [...lead, ...said.slice(0, at), ...thoughtsOf(pieces.slice(firstOther)), ...said.slice(at)];
}
