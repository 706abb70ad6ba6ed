import { mintId } from '../../base/id.ts';
import { isObject, type JsonObject, tryParseJson } from '../../base/json.ts';
import type { AssistantPart, MediaSource, ReasoningPart, ToolCallPart } from '../canonical/request.ts';
import type { CanonicalResponse, Finish } from '../canonical/response.ts';
import type { TokenLogprob } from '../canonical/token-logprob.ts';
import { wrapInput } from '../custom-input.ts';
import type { AnswerContext } from '../dialect.ts';
import { writeLogprobs } from '../openai-logprobs.ts';
import { writeOpenaiUsage } from '../openai-usage.ts';
import { joinBase64, rateOfPcm, wavOfPcm } from '../pcm-sound.ts';
import { type Seal, writeSeal } from '../seal.ts';
import { writeAnnotations } from './citations.ts';
import { urlOf } from './encode-content.ts';
import { writeDetails } from './reasoning-details.ts';
import { writeFinish } from './vocabulary.ts';
import type {
  WireAnswer,
  WireAnswerMessage,
  WireAudio,
  WireExtraContent,
  WireImage,
  WireLogprobs,
  WireToolCall,
} from './wire.ts';

/** Encodes a whole answer for a client. */
export function encodeResponse(response: CanonicalResponse, context: AnswerContext): JsonObject {
  return {
    id: answerId(context),
    object: 'chat.completion',
    created: createdSeconds(context),
    model: context.request.model,
    choices: [
      {
        index: 0,
        message: encodeMessage(response, context),
        finish_reason: writeFinish(response.finish),
        logprobs: encodeLogprobs(response.parts),
      },
    ],
    ...(response.usage === undefined ? {} : { usage: writeOpenaiUsage(response.usage) }),
  } satisfies WireAnswer;
}

function encodeLogprobs(parts: readonly AssistantPart[]): WireLogprobs | null {
  const tokens = parts.flatMap((part) => (part.type === 'text' ? (part.logprobs ?? []) : []));
  return tokens.length === 0 ? null : logprobsOf(tokens);
}

/** The `logprobs` of a choice. */
export function logprobsOf(tokens: readonly TokenLogprob[]): WireLogprobs {
  return { content: writeLogprobs(tokens), refusal: null };
}

/** The id of an answer: the same in every chunk of a stream. */
export function answerId(context: AnswerContext): string {
  return mintId('chatcmpl-', context.exchangeId, 29);
}

/** When the answer began, in epoch seconds. */
export function createdSeconds(context: AnswerContext): number {
  return Math.floor(context.createdAt / 1000);
}

function encodeMessage(response: CanonicalResponse, context: AnswerContext): WireAnswerMessage {
  const { parts, finish } = response;
  const texts = parts.filter((part) => part.type === 'text');
  const said = texts.filter((part) => part.refusal !== true);
  const text = joinTexts(said);
  const annotations = writeAnnotations(said);
  const refusal = joinTexts(texts.filter((part) => part.refusal === true)) ?? (text ? undefined : refusalOf(finish));
  const calls = parts
    .filter((part) => part.type === 'tool-call')
    .filter((call) => finish.reason !== 'length' || isWhole(call))
    .map((call) => encodeCall(call, context));
  const images = parts.map(imageOf).filter((url) => url !== undefined);
  const audio = audioOf(parts, context);
  // an empty answer is an empty text; null means that something else was given
  const isElsewhere = calls.length > 0 || refusal !== undefined || images.length > 0 || audio !== undefined;
  return {
    role: 'assistant',
    content: text ?? (isElsewhere ? null : ''),
    refusal: refusal ?? null,
    ...(annotations.length === 0 ? {} : { annotations }),
    ...encodeThoughts(parts, context),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...(images.length === 0 ? {} : { images: images.map(encodeImage) }),
    ...(audio === undefined ? {} : { audio }),
  };
}

/** False for a call that was cut off: a client would run it with half its arguments. */
function isWhole({ kind, arguments: text }: ToolCallPart): boolean {
  return kind === 'custom' || text.trim() === '' || isObject(tryParseJson(text));
}

/** Why an answer was filtered, in the place where a refusal stands; other ends need no words. */
export function refusalOf({ reason, explanation }: Finish): string | undefined {
  return reason === 'content-filter' ? explanation : undefined;
}

function joinTexts(texts: readonly { readonly text: string }[]): string | undefined {
  return texts.length === 0 ? undefined : texts.map((part) => part.text).join('');
}

type Thoughts = Pick<WireAnswerMessage, 'reasoning' | 'reasoning_content' | 'reasoning_details'>;

/** Thoughts in the form the client reads: OpenRouter's, or DeepSeek's, but never one text in both. */
function encodeThoughts(parts: readonly AssistantPart[], context: AnswerContext): Thoughts {
  const thoughts = parts.filter((part): part is ReasoningPart => part.type === 'reasoning');
  if (thoughts.length === 0 || hidesThoughts(context)) return {};
  const text = thoughts.map((part) => part.text).join('');
  if (context.request.answer.reasoningDetails !== true) return text === '' ? {} : { reasoning_content: text };
  return { reasoning: text, reasoning_details: thoughts.flatMap(writeDetails) };
}

/** True when the client asked not to be shown any thoughts. */
export function hidesThoughts(context: AnswerContext): boolean {
  return context.request.reasoning?.display === 'omitted';
}

function encodeCall(call: ToolCallPart, context: AnswerContext): WireToolCall {
  const extra = call.seal === undefined ? {} : { extra_content: extraContent(call.seal) };
  const form = callFormOf(call, context);
  if (form === 'custom') {
    return { id: call.callId, type: 'custom', custom: { name: call.name, input: call.arguments }, ...extra };
  }
  const args = form === 'wrapped' ? wrapInput(call.arguments) : call.arguments || '{}';
  return { id: call.callId, type: 'function', function: { name: call.name, arguments: args }, ...extra };
}

/**
 * How a call is written. `wrapped`: the input of a custom tool that the client did not declare travels as a function's one
 * argument, since only a client that has custom tools reads them.
 */
export type CallForm = 'function' | 'custom' | 'wrapped';

/** The form in which a client reads a call. */
export function callFormOf({ kind, name }: Pick<ToolCallPart, 'kind' | 'name'>, { request }: AnswerContext): CallForm {
  if (kind === 'function') return 'function';
  return request.tools.some((tool) => tool.kind === 'custom' && tool.name === name) ? 'custom' : 'wrapped';
}

/** Where the seal of a call travels. */
export function extraContent(seal: Seal): WireExtraContent {
  return { google: { thought_signature: writeSeal(seal, 'openai-chat') } };
}

/** The link or data URL of an image, or `undefined` for any other part. */
export function imageOf(part: AssistantPart): string | undefined {
  if (part.type !== 'media' || part.kind !== 'image') return undefined;
  return part.source.type === 'base64' || part.source.type === 'url' ? urlOf(part.source) : undefined;
}

/** An image in an answer. */
export function encodeImage(url: string, index: number): WireImage {
  return { type: 'image_url', index, image_url: { url } };
}

/** Sound as base64, with its type; `undefined` for any other part. */
export function soundOf(part: AssistantPart): SoundData | undefined {
  if (part.type !== 'media' || part.kind !== 'audio' || part.source.type !== 'base64') return undefined;
  return part.source;
}

/** A piece of sound, or all of it. */
export type SoundData = Extract<MediaSource, { type: 'base64' }>;

/** True for a client that takes bare sound; any other wants a file. */
export function takesPcm({ request }: AnswerContext): boolean {
  return request.answerMedia?.audio?.format === 'pcm16';
}

function audioOf(parts: readonly AssistantPart[], context: AnswerContext): WireAudio | undefined {
  const sounds = parts.map(soundOf).filter((sound) => sound !== undefined);
  const [first] = sounds;
  if (first === undefined) return undefined;
  const rate = rateOfPcm(first.mimeType);
  if (rate === undefined) return encodeAudio(first.data, context);
  const data = joinBase64(sounds.map((sound) => sound.data));
  return encodeAudio(takesPcm(context) ? data : wavOfPcm(data, rate), context);
}

/** Sound in an answer. The gateway keeps none, so it can be referred to for no time at all. */
export function encodeAudio(data: string, context: AnswerContext): WireAudio {
  return {
    id: mintId('audio_', context.exchangeId, 24),
    data,
    expires_at: createdSeconds(context),
    transcript: '',
  };
}
