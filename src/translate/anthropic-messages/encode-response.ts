import { mintId } from '../../base/id.ts';
import { asObject, type JsonObject, tryParseJson } from '../../base/json.ts';
import type { AssistantPart, ReasoningPart, TextPart, ToolCallPart } from '../canonical/request.ts';
import type { CanonicalResponse } from '../canonical/response.ts';
import type { AnswerContext } from '../dialect.ts';
import { openEnvelope } from '../seal.ts';
import { writeCitations } from './citations.ts';
import { attachedSignature, isOwnRedacted, signatureOf, type ThoughtsShown, thoughtsFor } from './encode-thought.ts';
import { mediaNote } from './media-note.ts';
import { encodeFinish, encodeUsage } from './vocabulary.ts';
import type { WireResponse } from './wire.ts';

/** The id of an answer, from the exchange alone. */
export function messageIdOf({ exchangeId }: AnswerContext): string {
  return mintId('msg_01', exchangeId, 22);
}

/** Encodes a whole answer for a client. */
export function encodeResponse(response: CanonicalResponse, context: AnswerContext): WireResponse {
  const shown = thoughtsFor(context);
  const wasCut = response.finish.reason === 'length';
  const content = dropLastTextSeal(response.parts.flatMap((part) => encodePart(part, shown, wasCut)));
  const hasCalls = content.some((block) => block.type === 'tool_use');
  return {
    id: messageIdOf(context),
    type: 'message',
    role: 'assistant',
    model: context.request.model,
    content,
    ...(encodeFinish(response.finish, hasCalls) as Pick<WireResponse, 'stop_reason' | 'stop_sequence'>),
    usage: encodeUsage(response.usage),
  };
}

function encodePart(part: AssistantPart, shown: ThoughtsShown, wasCut: boolean): readonly JsonObject[] {
  switch (part.type) {
    case 'text':
      return encodeText(part, shown);
    case 'reasoning':
      return encodeThought(part, shown);
    case 'tool-call':
      return encodeCall(part, shown, wasCut);
    case 'media':
      return [{ type: 'text', text: mediaNote(part) }];
    case 'opaque':
      return part.dialect === 'anthropic-messages' ? [part.raw] : [];
    default:
      return part satisfies never;
  }
}

/** At the end of an answer the seal of a text is left out, as in streams. */
function dropLastTextSeal(content: readonly JsonObject[]): readonly JsonObject[] {
  const last = content.at(-1);
  const isTextSeal = last?.type === 'thinking' && openEnvelope(String(last.signature))?.attach === 'text';
  return isTextSeal ? content.slice(0, -1) : content;
}

function encodeText({ text, seal, citations }: TextPart, shown: ThoughtsShown): readonly JsonObject[] {
  const block = text === '' ? [] : [{ type: 'text', text, ...writeCitations(citations) }];
  if (seal === undefined || shown === 'none') return block;
  return [...block, { type: 'thinking', thinking: '', signature: attachedSignature(seal, 'text') }];
}

function encodeThought({ text, seal }: ReasoningPart, shown: ThoughtsShown): readonly JsonObject[] {
  if (shown === 'none' || (seal === undefined && (shown === 'seals' || text === ''))) return [];
  if (isOwnRedacted(seal)) return [{ type: 'redacted_thinking', data: seal.value }];
  return [{ type: 'thinking', thinking: shown === 'all' ? text : '', signature: signatureOf(seal) }];
}

/** A call that an answer was cut in is left out: its arguments are not whole, and the client would run it. */
function encodeCall(part: ToolCallPart, shown: ThoughtsShown, wasCut: boolean): readonly JsonObject[] {
  const input = inputOf(part);
  if (input === undefined && wasCut) return [];
  const call = { type: 'tool_use', id: part.callId, name: part.name, input: input ?? { _raw: part.arguments } };
  if (part.seal === undefined || shown === 'none') return [call];
  return [{ type: 'thinking', thinking: '', signature: attachedSignature(part.seal, 'call') }, call];
}

/** The input of a call; that of a custom tool is its one argument. */
function inputOf(part: ToolCallPart): JsonObject | undefined {
  if (part.kind === 'custom') return { input: part.arguments };
  return part.arguments.trim() === '' ? {} : asObject(tryParseJson(part.arguments));
}
