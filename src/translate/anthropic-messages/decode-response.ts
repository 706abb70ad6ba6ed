import { GatewayError } from '../../base/gateway-error.ts';
import { mintId } from '../../base/id.ts';
import { asArray, asObject, asString, isObject, type JsonObject } from '../../base/json.ts';
import { bareText } from '../bare-output.ts';
import type { AssistantPart, ReasoningPart, TextPart } from '../canonical/request.ts';
import type { CanonicalResponse } from '../canonical/response.ts';
import type { AnswerContext } from '../dialect.ts';
import { dropped, type Loss } from '../loss.ts';
import { readCitations } from './citations.ts';
import { opaqueOf } from './decode-blocks.ts';
import { errorInAnswer } from './errors.ts';
import { optionalField } from './optional-field.ts';
import { isHiddenTool } from './output-format.ts';
import { decodeFinish, decodeUsage } from './vocabulary.ts';

/** Decodes a whole answer. Throws the error that it holds, or `upstream-malformed` when it is no message. */
export function decodeResponse(body: JsonObject, context: AnswerContext): CanonicalResponse {
  const error = errorInAnswer(body);
  if (error !== undefined) throw error;
  if (!Array.isArray(body.content)) {
    throw new GatewayError('upstream-malformed', 'The upstream answered with something that is not a message.');
  }
  const content = asArray(body.content).filter(isObject);
  const isTorn = endsInCall(content, body, context);
  const blocks = isTorn ? content.slice(0, -1) : content;
  return {
    ...optionalField('messageId', asString(body.id)),
    ...optionalField('model', asString(body.model)),
    parts: blocks.map((block, at) => decodeBlock(block, at, context)),
    finish: decodeFinish(body),
    ...optionalField('usage', decodeUsage(body.usage)),
    losses: isTorn ? [TORN_CALL] : [],
  };
}

const TORN_CALL: Loss = dropped('tool_calls', 'The answer broke off in the middle of a call.');

/** True for an answer that was cut off in a call: what it holds of the arguments looks whole and is not. */
function endsInCall(content: readonly JsonObject[], body: JsonObject, { request }: AnswerContext): boolean {
  const last = content.at(-1);
  return body.stop_reason === 'max_tokens' && last?.type === 'tool_use' && !isHiddenTool(String(last.name), request);
}

function decodeBlock(block: JsonObject, at: number, context: AnswerContext): AssistantPart {
  switch (block.type) {
    case 'text':
      return citeText(decodeText(asString(block.text) ?? '', context), block.citations);
    case 'thinking':
      return decodeThought(block);
    case 'redacted_thinking':
      return { type: 'reasoning', text: '', seal: redactedSeal(block) };
    case 'tool_use':
      return decodeCall(block, at, context);
    default:
      return opaqueOf(block);
  }
}

function decodeText(text: string, { request }: AnswerContext): TextPart {
  return { type: 'text', text: bareText(text, request.output) };
}

function citeText(part: TextPart, wire: unknown): TextPart {
  if (wire === undefined || wire === null) return part;
  const citations = readCitations(wire, part.text.length);
  return citations.length === 0 ? part : { ...part, citations };
}

function decodeThought(block: JsonObject): ReasoningPart {
  const text = asString(block.thinking) ?? '';
  const value = asString(block.signature) ?? '';
  return value === '' ? { type: 'reasoning', text } : { type: 'reasoning', text, seal: ownSeal(value) };
}

/** A signature of the dialect's own vendor. */
export function ownSeal(value: string): { readonly dialect: 'anthropic-messages'; readonly value: string } {
  return { dialect: 'anthropic-messages', value };
}

/** The seal that stands for a thought whose text nobody may see. */
export function redactedSeal(block: JsonObject) {
  return { ...ownSeal(asString(block.data) ?? ''), kind: 'redacted' } as const;
}

function decodeCall(block: JsonObject, at: number, context: AnswerContext): AssistantPart {
  const { callId, name } = readCall(block, at, context);
  const text = writeInput(block.input);
  if (isHiddenTool(name, context.request)) return decodeText(text === '' ? '{}' : text, context);
  return { type: 'tool-call', callId, kind: 'function', name, arguments: text };
}

/** Id and name of a call; an id that is missing is minted from its place. */
export function readCall(block: JsonObject, at: number, context: AnswerContext) {
  const id = asString(block.id) ?? '';
  return {
    callId: id === '' ? mintId('toolu_01', `${context.exchangeId}/${at}`, 22) : id,
    name: asString(block.name) ?? '',
  };
}

/** The JSON text of an input; a call without arguments has none. */
export function writeInput(input: unknown): string {
  if (input === undefined || input === null) return '';
  const object = asObject(input);
  return object !== undefined && Object.keys(object).length === 0 ? '' : JSON.stringify(input);
}
