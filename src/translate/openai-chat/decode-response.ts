import { GatewayError } from '../../base/gateway-error.ts';
import { asObject, asObjects, asString, isObject, type JsonObject, tryParseJson } from '../../base/json.ts';
import { bareParts } from '../bare-output.ts';
import { settleRefusal } from '../canonical/event-law.ts';
import type { AssistantPart, ReasoningPart, TextPart, ToolCallPart } from '../canonical/request.ts';
import type { CanonicalResponse, Finish } from '../canonical/response.ts';
import type { AnswerContext } from '../dialect.ts';
import { dropped, type Loss } from '../loss.ts';
import { readLogprobs } from '../openai-logprobs.ts';
import { createCallIds } from './call-ids.ts';
import { citeTexts, readAnnotations, readSources } from './citations.ts';
import { argumentsText, readCallSeal } from './decode-assistant.ts';
import { readThinking } from './decode-content.ts';
import { audioPart, imageParts } from './decode-media.ts';
import { errorOfBody } from './errors.ts';
import { failureOf } from './finish-failure.ts';
import { mergeDetails, sealOfDetails } from './reasoning-details.ts';
import { readFinish, readUsage } from './vocabulary.ts';

/** Decodes a whole answer. Throws the error in it, or `upstream-malformed` when there is no answer in it. */
export function decodeResponse(body: JsonObject, context: AnswerContext): CanonicalResponse {
  const choice = firstChoice(body);
  const word = asString(choice.finish_reason) || undefined;
  const message = asObject(choice.message) ?? {};
  const refusal = asString(message.refusal) ?? '';
  const finish = settleRefusal(readFinish(word, choice.stop_reason), { text: hasText(message), refusal });
  const losses: Loss[] = [];
  const parts = citeParts(decodeParts(message, { context, finish, losses }), message, body);
  const failure = word === undefined ? undefined : failureOf(choice, word, parts.length > 0);
  if (failure !== undefined) throw failure;
  const messageId = asString(body.id) || undefined;
  const model = asString(body.model) || undefined;
  const usage = readUsage(body.usage);
  return {
    ...(messageId === undefined ? {} : { messageId }),
    ...(model === undefined ? {} : { model }),
    parts: bareParts(withLogprobs(parts, choice.logprobs), context.request.output),
    finish,
    ...(usage === undefined ? {} : { usage }),
    losses,
  };
}

function firstChoice(body: JsonObject): JsonObject {
  if (body.error !== undefined && body.error !== null && body.error !== '') throw errorOfBody(body);
  const choices = asObjects(body.choices);
  const choice = choices.find(({ index }) => index === 0) ?? choices[0];
  if (choice !== undefined) return choice;
  if (body.object === 'error' || body.message !== undefined || body.detail !== undefined) throw errorOfBody(body);
  throw new GatewayError('upstream-malformed', 'The upstream gave an answer without any choice.');
}

/** Probabilities are of the first text, since a message has one. */
function withLogprobs(parts: AssistantPart[], wire: unknown): AssistantPart[] {
  const logprobs = readLogprobs(asObject(wire)?.content);
  const at = logprobs === undefined ? -1 : parts.findIndex((part) => part.type === 'text' && part.refusal !== true);
  if (logprobs === undefined || at < 0) return parts;
  return parts.map((part, index) => (index === at && part.type === 'text' ? { ...part, logprobs } : part));
}

function citeParts(parts: AssistantPart[], message: JsonObject, body: JsonObject): AssistantPart[] {
  if (message.annotations === undefined && body.citations === undefined) return parts;
  const said = parts.filter((part) => part.type === 'text').filter((part) => part.refusal !== true);
  const length = said.reduce((sum, part) => sum + part.text.length, 0);
  const annotated = readAnnotations(message.annotations);
  const cited = citeTexts(said, annotated.length > 0 ? annotated : readSources(body, length));
  return parts.map((part) => cited[said.indexOf(part as TextPart)] ?? part);
}

function hasText(message: JsonObject): boolean {
  return decodeContent(message).some((part) => part.type === 'text');
}

interface Reading {
  readonly context: AnswerContext;
  readonly finish: Finish;
  readonly losses: Loss[];
}

function decodeParts(message: JsonObject, reading: Reading): AssistantPart[] {
  const audio = asObject(message.audio);
  const transcript = asString(audio?.transcript) ?? '';
  const data = asString(audio?.data);
  return [
    ...decodeThought(message),
    ...decodeContent(message),
    ...textPart(transcript),
    ...textPart(asString(message.refusal) ?? '', true),
    ...imageParts(message),
    ...(data === undefined ? [] : [audioPart(data, reading.context)]),
    ...decodeCalls(message, reading),
  ];
}

function textPart(text: string, refusal = false): AssistantPart[] {
  if (text === '') return [];
  return [refusal ? { type: 'text', text, refusal } : { type: 'text', text }];
}

function decodeThought(message: JsonObject): ReasoningPart[] {
  const details = mergeDetails(asObjects(message.reasoning_details));
  const told = details.map((entry) => asString(entry.text) ?? asString(entry.summary) ?? '').join('');
  const text = asString(message.reasoning_content) || asString(message.reasoning) || told;
  const seal = sealOfDetails(details);
  if (text === '' && seal === undefined) return [];
  const raw = details.length === 0 ? { raw: true } : {};
  return [{ type: 'reasoning', text, ...raw, ...(seal === undefined ? {} : { seal }) }];
}

/** Mistral's reasoning models answer with a list of parts. */
function decodeContent(message: JsonObject): AssistantPart[] {
  if (!Array.isArray(message.content)) return textPart(asString(message.content) ?? '');
  return asObjects(message.content).flatMap((part): AssistantPart[] => {
    if (part.type !== 'thinking') return textPart(asString(part.text) ?? '');
    const text = readThinking(part.thinking);
    return text === '' ? [] : [{ type: 'reasoning', text, raw: true }];
  });
}

function decodeCalls(message: JsonObject, reading: Reading): ToolCallPart[] {
  const mintCallId = createCallIds(reading.context);
  const old = asObject(message.function_call);
  const wire = [...asObjects(message.tool_calls), ...(old === undefined ? [] : [{ function: old }])];
  const calls: ToolCallPart[] = [];
  for (const item of wire) {
    const call = decodeCall(item, mintCallId);
    // half a call would be run with half its arguments
    const isBroken = reading.finish.reason === 'length' && call.kind === 'function' && !isWhole(call.arguments);
    if (isBroken) reading.losses.push(dropped('tool_calls', 'The answer broke off in the middle of a call.'));
    else calls.push(call);
  }
  return calls;
}

function decodeCall(item: JsonObject, mintCallId: (wireId: string | undefined) => string): ToolCallPart {
  const custom = asObject(item.custom);
  const definition = custom ?? asObject(item.function) ?? {};
  return {
    type: 'tool-call',
    callId: mintCallId(asString(item.id)),
    kind: custom === undefined ? 'function' : 'custom',
    name: asString(definition.name) || 'unnamed_tool',
    arguments: argumentsText(custom === undefined ? definition.arguments : definition.input),
    ...readCallSeal(item),
  };
}

function isWhole(args: string): boolean {
  return args.trim() === '' || isObject(tryParseJson(args));
}
