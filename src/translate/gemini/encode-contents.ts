import { isObject, type JsonObject, tryParseJson } from '../../base/json.ts';
import type {
  AssistantPart,
  CanonicalRequest,
  MediaPart,
  Message,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../canonical/request.ts';
import type { Loss } from '../loss.ts';
import type { MediaPlace } from '../lost-media.ts';
import type { Seal } from '../seal.ts';
import type { Target } from './generation-config.ts';
import { type MediaScope, writeMedia } from './media.ts';
import { SKIP_SIGNATURES, type WireBlob, type WireContent, type WireFunctionResponse, type WirePart } from './wire.ts';

type Part = WirePart | JsonObject;

interface Writer {
  readonly target: Target;
  readonly losses: Loss[];
  readonly nameOfCall: Map<string, string>;
}

/** The turns of a request. Turns that come out empty are left out. */
export function encodeContents(request: CanonicalRequest, target: Target, losses: Loss[]): WireContent[] {
  const writer: Writer = { target, losses, nameOfCall: new Map() };
  return request.messages
    .map((message): WireContent => {
      const role = message.role === 'assistant' ? 'model' : 'user';
      return { role, parts: encodeMessage(message, writer) };
    })
    .filter((content) => content.parts.length > 0);
}

function encodeMessage(message: Message, writer: Writer): readonly Part[] {
  switch (message.role) {
    case 'assistant':
      return encodeModelTurn(message.parts, writer);
    case 'user':
      return encodeUserTurn(message.parts, writer);
    case 'system':
    case 'developer':
      return message.parts.map(({ text }) => ({ text }));
    default:
      return message satisfies never;
  }
}

interface ModelTurn {
  readonly parts: Part[];
  /** The seal of a call that came as a thought of its own before it. */
  callSeal: Seal | undefined;
  hasCall: boolean;
}

function scopeOf({ target, losses }: Writer, place: MediaPlace): MediaScope {
  return { server: target.server, losses, place };
}

function encodeModelTurn(parts: readonly AssistantPart[], writer: Writer): readonly Part[] {
  const turn: ModelTurn = { parts: [], callSeal: undefined, hasCall: false };
  for (const part of parts) encodeModelPart(part, turn, writer);
  return turn.parts;
}

function encodeModelPart(part: AssistantPart, turn: ModelTurn, writer: Writer): void {
  switch (part.type) {
    case 'text':
      if (part.text !== '' || part.seal !== undefined) turn.parts.push({ text: part.text, ...signatureOf(part.seal) });
      return;
    case 'reasoning':
      encodeThought(part.text, part.seal, turn);
      return;
    case 'tool-call':
      turn.parts.push(encodeCall(part, turn, writer));
      return;
    case 'media':
      turn.parts.push(writeMedia(part, scopeOf(writer, 'turn')));
      return;
    case 'opaque':
      turn.parts.push(part.raw);
      return;
    default:
      part satisfies never;
  }
}

function signatureOf(seal: Seal | undefined): { readonly thoughtSignature?: string } {
  return seal?.dialect === 'gemini' ? { thoughtSignature: seal.value } : {};
}

/** A seal that was not on a thought goes back to the part it was on. */
function encodeThought(text: string, seal: Seal | undefined, turn: ModelTurn): void {
  if (seal?.dialect !== 'gemini') return;
  if (seal.attach === 'call') {
    turn.callSeal = seal;
    return;
  }
  if (seal.attach === undefined) {
    turn.parts.push({ text, thought: true, thoughtSignature: seal.value });
    return;
  }
  const last = turn.parts[turn.parts.length - 1];
  const isOpenText = last !== undefined && typeof last.text === 'string' && last.thoughtSignature === undefined;
  if (isOpenText && last.thought !== true) turn.parts[turn.parts.length - 1] = { ...last, ...signatureOf(seal) };
  else turn.parts.push({ text: '', ...signatureOf(seal) });
}

function encodeCall(call: ToolCallPart, turn: ModelTurn, writer: Writer): WirePart {
  writer.nameOfCall.set(call.callId, call.name);
  const { model, server } = writer.target;
  const own = signatureOf(call.seal ?? turn.callSeal);
  // the first call of a turn is refused without a signature; the parallel ones after it have none
  const needsOne = model.callSeals && !turn.hasCall && own.thoughtSignature === undefined;
  turn.callSeal = undefined;
  turn.hasCall = true;
  return {
    functionCall: {
      ...(server.quirks.callIds === false ? {} : { id: call.callId }),
      name: call.name,
      args: readArguments(call.arguments),
    },
    ...(needsOne ? { thoughtSignature: SKIP_SIGNATURES[0]! } : own),
  };
}

function readArguments(text: string): JsonObject {
  if (text.trim() === '') return {};
  const value = tryParseJson(text);
  return isObject(value) ? value : { _raw: text };
}

interface UserTurn {
  readonly results: Part[];
  /** Media of results that cannot stand in them. */
  readonly attached: Part[];
  readonly others: Part[];
  /** Media so far, so that each has a label of its own. */
  mediaCount: number;
}

function encodeUserTurn(parts: readonly UserPart[], writer: Writer): readonly Part[] {
  const turn: UserTurn = { results: [], attached: [], others: [], mediaCount: 0 };
  for (const part of parts) {
    if (part.type === 'tool-result') turn.results.push({ functionResponse: encodeResult(part, turn, writer) });
    else if (part.type === 'opaque') turn.others.push(part.raw);
    else if (part.type === 'text') {
      if (part.text !== '') turn.others.push({ text: part.text });
    } else turn.others.push(writeMedia(part, scopeOf(writer, 'turn')));
  }
  return [...turn.results, ...turn.attached, ...turn.others];
}

function encodeResult(result: ToolResultPart, turn: UserTurn, writer: Writer): WireFunctionResponse {
  const texts: string[] = [];
  const inside: { inlineData: WireBlob }[] = [];
  for (const part of result.parts) {
    if (part.type === 'text') texts.push(part.text);
    else if (part.type === 'media') placeMedia(part, { texts, inside, turn }, writer);
  }
  const text = texts.join('\n');
  return {
    ...(writer.target.server.quirks.callIds === false ? {} : { id: result.callId }),
    name: writer.nameOfCall.get(result.callId) ?? result.name ?? 'tool',
    response: result.isError ? { error: text } : { output: text },
    ...(inside.length === 0 ? {} : { parts: inside }),
  };
}

/** Media that a result may hold. https://ai.google.dev/gemini-api/docs/function-calling#multimodal */
const RESULT_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'application/pdf', 'text/plain'];

interface ResultPlaces {
  readonly texts: string[];
  readonly inside: { inlineData: WireBlob }[];
  readonly turn: UserTurn;
}

/** Media goes into its result where the model knows that, else after all results, and a label says which result it is of. */
function placeMedia(part: MediaPart, { texts, inside, turn }: ResultPlaces, writer: Writer): void {
  const { target } = writer;
  const media = writeMedia(part, scopeOf(writer, 'result'));
  if (media.text !== undefined) {
    texts.push(media.text);
    return;
  }
  if (target.model.mediaResults && media.inlineData && RESULT_TYPES.includes(media.inlineData.mimeType)) {
    inside.push({ inlineData: media.inlineData });
    return;
  }
  const label = `${part.kind} ${++turn.mediaCount}`;
  texts.push(`[${label} attached below]`);
  turn.attached.push({ text: `[${label}]` }, media);
}
