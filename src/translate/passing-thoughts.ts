import { asObject, asObjects, asString, isObject, type Json, type JsonObject } from '../base/json.ts';
import { NO_SEAL } from './foreign-seals.ts';
import type { StepFinder } from './recall-thoughts.ts';
import type { RememberedStep, StepCall } from './remembered-step.ts';

/** What a body that passes lacks, since its client has no place for it. */
export type PassingLack = 'call-seals' | 'reasoning-content';

/** A body that passes with what its client did not send back: from memory, else with what the upstream takes for it. */
export function returnThoughtsIn(body: JsonObject, lack: PassingLack, steps: StepFinder | undefined): JsonObject {
  const key = lack === 'call-seals' ? 'contents' : 'messages';
  const turns = body[key];
  if (!Array.isArray(turns)) return body;
  const fill = lack === 'call-seals' ? sealCalls : addReasoning;
  return { ...body, [key]: turns.map((turn: Json) => (isObject(turn) ? fill(turn, steps) : turn)) };
}

/** A turn with the seal that Gemini demands of the first call of each, or what stands for it. https://ai.google.dev/gemini-api/docs/thought-signatures */
export function sealCalls(turn: JsonObject, steps: StepFinder | undefined): JsonObject {
  const parts = asObjects(turn.parts);
  const first = parts.findIndex((part) => isObject(part.functionCall));
  const part = parts[first];
  if (part === undefined || part.thoughtSignature !== undefined) return turn;
  const call = asObject(part.functionCall)!;
  const step = steps?.ofCall({
    callId: asString(call.id) ?? '',
    name: asString(call.name) ?? '',
    arguments: JSON.stringify(call.args ?? {}),
  });
  return { ...turn, parts: parts.with(first, { ...part, thoughtSignature: sealOfCall(step) ?? NO_SEAL }) };
}

function sealOfCall(step: RememberedStep | undefined): string | undefined {
  for (const piece of step?.pieces ?? []) if (piece.type === 'call') return piece.seal?.value;
  return undefined;
}

/** DeepSeek refuses a turn with calls that comes back without the field. https://api-docs.deepseek.com/guides/thinking_mode */
function addReasoning(message: JsonObject, steps: StepFinder | undefined): JsonObject {
  const calls = asObjects(message.tool_calls);
  if (message.role !== 'assistant' || calls.length === 0 || message.reasoning_content !== undefined) return message;
  const step = calls
    .map(callOf)
    .reduce<RememberedStep | undefined>((known, call) => known ?? steps?.ofCall(call), undefined);
  return { ...message, reasoning_content: step === undefined ? '' : thoughtsOf(step) };
}

function callOf(call: JsonObject): StepCall {
  const definition = asObject(call.function);
  return {
    callId: asString(call.id) ?? '',
    name: asString(definition?.name) ?? '',
    arguments: asString(definition?.arguments) ?? '',
  };
}

function thoughtsOf({ pieces }: RememberedStep): string {
  return pieces.map((piece) => (piece.type === 'thought' ? piece.part.text : '')).join('');
}
