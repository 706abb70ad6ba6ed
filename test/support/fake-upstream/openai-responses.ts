import { asArray, asObject, type Json, type JsonObject } from '../../../src/base/json.ts';
import { checkResponses } from './check-openai-responses.ts';
import { openAiError, openAiErrorBody, openAiHeaders, openAiModels } from './openai-service.ts';
import type { Answer, ScriptedCall } from './scenario.ts';
import {
  cut,
  EPOCH_S,
  idOf,
  issueProof,
  piecesOf,
  textOf,
  usageOf,
  type Vendor,
  type VendorCall,
  type WireEvent,
} from './vendor.ts';

/** OpenAI's Responses service. https://platform.openai.com/docs/api-reference/responses-streaming */
export const openAiResponses: Vendor = {
  dialect: 'openai-responses',
  streamType: () => 'text/event-stream; charset=utf-8',
  check: (call) => checkResponses(call, false),
  checkCount: (call) => checkResponses(call, true),
  headers: (call) => openAiHeaders(call.serial),
  whole: (answer, call) => JSON.stringify(finalObject(answer, call, itemsOf(answer, call)), null, 2),
  stream: streamAnswer,
  error: openAiError,
  streamError,
  count: () => JSON.stringify({ object: 'response.input_tokens', input_tokens: 25 }, null, 2),
  models: openAiModels,
};

function responseId(call: VendorCall): string {
  const id = idOf('resp_', call, 0, 48);
  call.memory.responses.add(id);
  return id;
}

/** The response object, which repeats most of the request. */
function responseObject(call: VendorCall, status: string, output: readonly Json[]): JsonObject {
  const { body } = call;
  return {
    id: responseId(call),
    object: 'response',
    created_at: EPOCH_S + call.serial,
    status,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: null,
    model: call.model,
    output,
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: body.previous_response_id ?? null,
    prompt_cache_key: body.prompt_cache_key ?? null,
    reasoning: { effort: asObject(body.reasoning)?.effort ?? null, summary: asObject(body.reasoning)?.summary ?? null },
    safety_identifier: null,
    service_tier: status === 'in_progress' ? 'auto' : 'default',
    store: body.store ?? true,
    temperature: body.temperature ?? 1,
    text: { format: asObject(body.text)?.format ?? { type: 'text' }, verbosity: 'medium' },
    tool_choice: body.tool_choice ?? 'auto',
    tools: asArray(body.tools),
    top_logprobs: 0,
    top_p: body.top_p ?? 1,
    truncation: 'disabled',
    usage: null,
    user: null,
    metadata: body.metadata ?? {},
  };
}

function finalObject(answer: Answer, call: VendorCall, output: readonly JsonObject[]): JsonObject {
  const incomplete = answer.finish === 'length';
  const { input, cacheRead, cacheWrite, output: out, reasoning } = usageOf(answer);
  return {
    ...responseObject(call, incomplete ? 'incomplete' : 'completed', output),
    ...(incomplete ? { incomplete_details: { reason: 'max_output_tokens' } } : {}),
    usage: {
      input_tokens: input,
      input_tokens_details: {
        cached_tokens: cacheRead,
        ...(cacheWrite === 0 ? {} : { cache_write_tokens: cacheWrite }),
      },
      output_tokens: out,
      output_tokens_details: { reasoning_tokens: reasoning },
      total_tokens: input + out,
    },
  };
}

/** The items of an answer, whole. */
function itemsOf(answer: Answer, call: VendorCall): JsonObject[] {
  const said = textOf(answer);
  const incomplete = answer.finish === 'length' ? 'incomplete' : 'completed';
  const part =
    answer.finish === 'refusal'
      ? { type: 'refusal', refusal: said ?? '' }
      : { type: 'output_text', annotations: [], logprobs: [], text: said ?? '' };
  const id = idOf('msg_', call, 0, 48);
  return [
    ...(answer.thinking === undefined ? [] : [reasoningItem(answer.thinking, call)]),
    ...(said === undefined ? [] : [{ id, type: 'message', status: incomplete, content: [part], role: 'assistant' }]),
    ...(answer.calls ?? []).map((scripted, at) => callItem(scripted, call, at)),
  ];
}

function reasoningItem(thought: string, call: VendorCall): JsonObject {
  const sealed = asArray(call.body.include).includes('reasoning.encrypted_content');
  const shows = asObject(call.body.reasoning)?.summary !== undefined;
  return {
    id: idOf('rs_', call, 0, 48),
    type: 'reasoning',
    ...(sealed ? { encrypted_content: issueProof(call, 0) } : {}),
    summary: shows ? [{ type: 'summary_text', text: thought }] : [],
  };
}

/** A call in the type of its tool: a custom tool gets free text, told as `args.input`. */
function callItem({ name, args }: ScriptedCall, call: VendorCall, at: number): JsonObject {
  const custom = asArray(call.body.tools).some(
    (tool) => asObject(tool)?.type === 'custom' && asObject(tool)?.name === name,
  );
  const callId = idOf('call_', call, at, 24);
  if (custom) {
    const input = String(args.input ?? '');
    return {
      id: idOf('ctc_', call, at, 48),
      type: 'custom_tool_call',
      status: 'completed',
      input,
      call_id: callId,
      name,
    };
  }
  const text = JSON.stringify(args);
  return {
    id: idOf('fc_', call, at, 48),
    type: 'function_call',
    status: 'completed',
    arguments: text,
    call_id: callId,
    name,
  };
}

type Write = (type: string, fields: JsonObject, content?: boolean) => WireEvent;

function writer(): Write {
  let sequence = 0;
  return (type, fields, content = false) => {
    const data = { type, ...fields, sequence_number: sequence++ };
    return { text: `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`, content };
  };
}

function* streamAnswer(answer: Answer, call: VendorCall): Iterable<WireEvent> {
  const write = writer();
  yield write('response.created', { response: responseObject(call, 'in_progress', []) });
  yield write('response.in_progress', { response: responseObject(call, 'in_progress', []) });
  const items = itemsOf(answer, call);
  for (const [index, item] of items.entries()) yield* streamItem(item, index, answer, write);
  const final = answer.finish === 'length' ? 'response.incomplete' : 'response.completed';
  yield write(final, { response: finalObject(answer, call, items) });
}

function* streamItem(item: JsonObject, index: number, answer: Answer, write: Write): Iterable<WireEvent> {
  const place = { item_id: item.id, output_index: index };
  switch (item.type) {
    case 'reasoning':
      yield write('response.output_item.added', { output_index: index, item: { ...item, summary: [] } });
      for (const [at, part] of asArray(item.summary).entries())
        yield* streamSummary(part, { ...place, summary_index: at }, write);
      break;
    case 'message':
      yield write(
        'response.output_item.added',
        { output_index: index, item: { ...item, status: 'in_progress', content: [] } },
        true,
      );
      yield* streamContent(item, { ...place, content_index: 0 }, answer, write);
      break;
    case 'function_call':
      yield write(
        'response.output_item.added',
        { output_index: index, item: { ...item, status: 'in_progress', arguments: '' } },
        true,
      );
      for (const delta of cut(String(item.arguments), 3))
        yield write('response.function_call_arguments.delta', { ...place, delta, obfuscation: 'a1' }, true);
      yield write('response.function_call_arguments.done', { ...place, arguments: item.arguments });
      break;
    default:
      yield write(
        'response.output_item.added',
        { output_index: index, item: { ...item, status: 'in_progress', input: '' } },
        true,
      );
      for (const delta of cut(String(item.input), 3))
        yield write('response.custom_tool_call_input.delta', { ...place, delta }, true);
      yield write('response.custom_tool_call_input.done', { ...place, input: item.input });
  }
  yield write('response.output_item.done', { output_index: index, item });
}

function* streamSummary(part: Json, place: JsonObject, write: Write): Iterable<WireEvent> {
  const text = String(asObject(part)?.text ?? '');
  yield write('response.reasoning_summary_part.added', { ...place, part: { type: 'summary_text', text: '' } });
  for (const delta of cut(text, 2))
    yield write('response.reasoning_summary_text.delta', { ...place, delta, obfuscation: 'b2' }, true);
  yield write('response.reasoning_summary_text.done', { ...place, text });
  yield write('response.reasoning_summary_part.done', { ...place, part });
}

function* streamContent(item: JsonObject, place: JsonObject, answer: Answer, write: Write): Iterable<WireEvent> {
  const part = asObject(asArray(item.content)[0])!;
  const refuses = part.type === 'refusal';
  const empty = refuses ? { ...part, refusal: '' } : { ...part, text: '' };
  yield write('response.content_part.added', { ...place, part: empty });
  for (const delta of piecesOf(answer)) {
    const type = refuses ? 'response.refusal.delta' : 'response.output_text.delta';
    yield write(type, { ...place, delta, ...(refuses ? {} : { logprobs: [] }), obfuscation: 'c3' }, true);
  }
  if (refuses) yield write('response.refusal.done', { ...place, refusal: part.refusal });
  else yield write('response.output_text.done', { ...place, text: part.text, logprobs: [] });
  yield write('response.content_part.done', { ...place, part });
}

/** An error event, and the response that failed by it; the numbers go on where the stream was cut. */
function streamError(call: VendorCall, sent: number): string {
  const error = asObject(openAiErrorBody({ status: 500 }).error)!;
  const failed = { ...responseObject(call, 'failed', []), error: { code: 'server_error', message: error.message } };
  const events: JsonObject[] = [
    { type: 'error', error, sequence_number: sent },
    { type: 'response.failed', response: failed, sequence_number: sent + 1 },
  ];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}
