import { asObject, type Json, type JsonObject } from '../../../src/base/json.ts';
import { checkChat } from './check-openai-chat.ts';
import { openAiError, openAiErrorBody, openAiHeaders, openAiModels } from './openai-service.ts';
import { refuse } from './refusal.ts';
import type { Answer } from './scenario.ts';
import {
  cut,
  EPOCH_S,
  idOf,
  piecesOf,
  textOf,
  usageOf,
  type Vendor,
  type VendorCall,
  type WireEvent,
} from './vendor.ts';

/** OpenAI's chat service. https://platform.openai.com/docs/api-reference/chat-streaming/streaming */
export function openAiChat(extraFields: ReadonlySet<string>): Vendor {
  return {
    dialect: 'openai-chat',
    streamType: () => 'text/event-stream; charset=utf-8',
    check: (call) => checkChat(call, extraFields),
    checkCount: () => refuse('Invalid URL', { status: 404 }),
    headers: (call) => openAiHeaders(call.serial),
    whole: (answer, call) => JSON.stringify(wholeAnswer(answer, call), null, 2),
    stream: streamAnswer,
    error: openAiError,
    streamError: () => `data: ${JSON.stringify(openAiErrorBody({ status: 500 }))}\n\n`,
    count: () => '',
    models: openAiModels,
  };
}

function wholeAnswer(answer: Answer, call: VendorCall): JsonObject {
  const calls = (answer.calls ?? []).map(({ name, args }, at) => ({
    id: idOf('call_', call, at, 24),
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  }));
  const refused = answer.finish === 'refusal';
  const message = {
    role: 'assistant',
    content: refused ? null : (textOf(answer) ?? null),
    ...(answer.thinking === undefined ? {} : { reasoning_content: answer.thinking }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    refusal: refused ? (textOf(answer) ?? null) : null,
    annotations: [],
  };
  return {
    ...frameOf(call, 'chat.completion'),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishOf(answer) }],
    usage: usageObject(answer),
    service_tier: 'default',
    system_fingerprint: 'fp_44709d6fcb',
  };
}

function* streamAnswer(answer: Answer, call: VendorCall): Iterable<WireEvent> {
  const wantsUsage = asObject(call.body.stream_options)?.include_usage === true;
  const chunk = (choices: readonly Json[], content: boolean, usage: Json = null): WireEvent => {
    const data = {
      ...frameOf(call, 'chat.completion.chunk'),
      service_tier: 'default',
      system_fingerprint: 'fp_44709d6fcb',
      choices,
      ...(wantsUsage ? { usage } : {}),
      obfuscation: 'xY7',
    };
    return { text: `data: ${JSON.stringify(data)}\n\n`, content };
  };
  const delta = (fields: JsonObject, content = true) =>
    chunk([{ index: 0, delta: fields, logprobs: null, finish_reason: null }], content);

  const speaks = answer.text !== undefined || answer.pieces !== undefined;
  yield delta({ role: 'assistant', content: speaks ? '' : null, refusal: null }, false);
  for (const piece of cut(answer.thinking ?? '', 2)) if (piece !== '') yield delta({ reasoning_content: piece });
  for (const piece of piecesOf(answer))
    yield delta(answer.finish === 'refusal' ? { refusal: piece } : { content: piece });
  for (const [index, { name, args }] of (answer.calls ?? []).entries()) {
    const id = idOf('call_', call, index, 24);
    yield delta({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] });
    for (const piece of cut(JSON.stringify(args), 3))
      yield delta({ tool_calls: [{ index, function: { arguments: piece } }] });
  }
  yield chunk([{ index: 0, delta: {}, logprobs: null, finish_reason: finishOf(answer) }], false);
  if (wantsUsage) yield chunk([], false, usageObject(answer));
  yield { text: 'data: [DONE]\n\n', content: false };
}

function frameOf(call: VendorCall, object: string): JsonObject {
  return { id: idOf('chatcmpl-', call, 0, 29), object, created: EPOCH_S + call.serial, model: call.model };
}

function finishOf(answer: Answer): string {
  if (answer.finish === 'length') return 'length';
  return (answer.calls ?? []).length > 0 ? 'tool_calls' : 'stop';
}

function usageObject(answer: Answer): JsonObject {
  const { input, cacheRead, cacheWrite, output, reasoning } = usageOf(answer);
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: {
      cached_tokens: cacheRead,
      audio_tokens: 0,
      ...(cacheWrite === 0 ? {} : { cache_write_tokens: cacheWrite }),
    },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
