import type { JsonObject } from '../../../src/base/json.ts';
import { checkMessages } from './check-anthropic.ts';
import type { Answer } from './scenario.ts';
import {
  cut,
  EPOCH_S,
  FRONT_HEADERS,
  idOf,
  issueProof,
  piecesOf,
  textOf,
  usageOf,
  type Vendor,
  type VendorCall,
  type VendorError,
  type WireAnswer,
  type WireEvent,
} from './vendor.ts';

const TYPES: { readonly [status: number]: readonly [type: string, message: string] } = {
  400: ['invalid_request_error', 'Bad request'],
  401: ['authentication_error', 'invalid x-api-key'],
  402: ['billing_error', 'Your credit balance is too low to access the Anthropic API.'],
  403: ['permission_error', 'Permission denied'],
  404: ['not_found_error', 'Not found'],
  413: ['request_too_large', 'Request exceeds the maximum size'],
  429: ['rate_limit_error', 'This request would exceed your organization’s rate limit of 50 requests per minute.'],
  500: ['api_error', 'Internal server error'],
  504: ['timeout_error', 'Request timed out'],
  529: ['overloaded_error', 'Overloaded'],
};

/** Anthropic's service. https://docs.claude.com/en/docs/build-with-claude/streaming */
export const anthropic: Vendor = {
  dialect: 'anthropic-messages',
  streamType: () => 'text/event-stream; charset=utf-8',
  check: (call) => checkMessages(call, false),
  checkCount: (call) => checkMessages(call, true),
  headers: (call) => anthropicHeaders(call.serial),
  whole: (answer, call) => JSON.stringify(messageObject(answer, call)),
  stream: streamAnswer,
  error: anthropicError,
  streamError: () => event('error', { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
  count: () => JSON.stringify({ input_tokens: 25 }),
  models: listModels,
};

/** https://docs.claude.com/en/api/rate-limits#response-headers */
function anthropicHeaders(serial: number): { readonly [name: string]: string } {
  const reset = new Date((EPOCH_S + 60) * 1_000).toISOString().replace('.000', '');
  return {
    ...FRONT_HEADERS,
    'request-id': requestId(serial),
    'anthropic-organization-id': '00000000-0000-4000-8000-000000000001',
    'anthropic-ratelimit-requests-limit': '50',
    'anthropic-ratelimit-requests-remaining': '49',
    'anthropic-ratelimit-requests-reset': reset,
    'anthropic-ratelimit-tokens-limit': '90000',
    'anthropic-ratelimit-tokens-remaining': '88000',
    'anthropic-ratelimit-tokens-reset': reset,
  };
}

function requestId(serial: number): string {
  return `req_011C${String(serial).padStart(20, '0')}`;
}

/** https://docs.claude.com/en/api/errors */
function anthropicError(error: VendorError, serial: number): WireAnswer {
  const [type, message] = TYPES[error.status] ?? ['api_error', 'Internal server error'];
  const words = error.quota ? 'You have reached your specified API usage limits.' : message;
  const retryAfter = error.retryAfterS ?? (error.status === 429 ? 20 : undefined);
  const body = { type: 'error', error: { type, message: error.message ?? words }, request_id: requestId(serial) };
  return {
    status: error.status,
    headers: {
      ...anthropicHeaders(serial),
      'content-type': 'application/json',
      'x-should-retry': error.status === 429 || error.status >= 500 ? 'true' : 'false',
      ...(error.status === 429 ? { 'anthropic-ratelimit-requests-remaining': '0' } : {}),
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
    body: JSON.stringify(body),
  };
}

function messageObject(answer: Answer, call: VendorCall): JsonObject {
  const said = textOf(answer);
  const content: JsonObject[] = [];
  if (answer.thinking !== undefined) {
    content.push({ type: 'thinking', thinking: answer.thinking, signature: issueProof(call, 0) });
  }
  if (said !== undefined) content.push({ type: 'text', text: said });
  for (const [at, { name, args }] of (answer.calls ?? []).entries()) {
    content.push({ type: 'tool_use', id: idOf('toolu_01', call, at, 22), name, input: args });
  }
  return {
    model: call.model,
    id: idOf('msg_01', call, 0, 22),
    type: 'message',
    role: 'assistant',
    content,
    stop_reason: stopReason(answer),
    stop_sequence: null,
    usage: {
      ...inputUsage(answer),
      output_tokens: usageOf(answer).output,
      ...thinkingUsage(answer),
      service_tier: 'standard',
    },
  };
}

function* streamAnswer(answer: Answer, call: VendorCall): Iterable<WireEvent> {
  const write = (type: string, data: JsonObject, content = false): WireEvent => ({
    text: event(type, { type, ...data }),
    content,
  });
  yield write('message_start', {
    message: {
      ...messageObject({ type: 'answer' }, call),
      content: [],
      stop_reason: null,
      usage: { ...inputUsage(answer), output_tokens: 1, service_tier: 'standard' },
    },
  });
  let index = 0;
  const blocks = blocksOf(answer, call);
  for (const { start, deltas, shows } of blocks) {
    yield write('content_block_start', { index, content_block: start }, shows);
    if (index === 0) yield { text: 'event: ping\ndata: {"type": "ping"}\n\n', content: false };
    for (const delta of deltas) yield write('content_block_delta', { index, delta }, delta.type !== 'signature_delta');
    yield write('content_block_stop', { index });
    index++;
  }
  yield write('message_delta', {
    delta: { stop_reason: stopReason(answer), stop_sequence: null },
    usage: { ...promptUsage(answer), output_tokens: usageOf(answer).output, ...thinkingUsage(answer) },
  });
  yield write('message_stop', {});
}

interface Block {
  readonly start: JsonObject;
  readonly deltas: Iterable<JsonObject>;
  /** True: its start already tells something. */
  readonly shows: boolean;
}

function* blocksOf(answer: Answer, call: VendorCall): Iterable<Block> {
  if (answer.thinking !== undefined) {
    const thoughts = cut(answer.thinking, 2).map((thinking) => ({ type: 'thinking_delta', thinking }));
    const signature = { type: 'signature_delta', signature: issueProof(call, 0) };
    yield { start: { type: 'thinking', thinking: '', signature: '' }, deltas: [...thoughts, signature], shows: false };
  }
  if (answer.text !== undefined || answer.pieces !== undefined) {
    yield { start: { type: 'text', text: '' }, deltas: textDeltas(answer), shows: false };
  }
  for (const [at, { name, args }] of (answer.calls ?? []).entries()) {
    const text = JSON.stringify(args);
    const pieces = text === '{}' ? [''] : ['', ...cut(text, 3)];
    const start = { type: 'tool_use', id: idOf('toolu_01', call, at, 22), name, input: {} };
    yield { start, deltas: pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json })), shows: true };
  }
}

function* textDeltas(answer: Answer): Iterable<JsonObject> {
  for (const text of piecesOf(answer)) yield { type: 'text_delta', text };
}

/** The service pads its events with blanks before the last brace, so that their length tells nothing. */
function event(type: string, data: JsonObject): string {
  const json = JSON.stringify(data);
  return `event: ${type}\ndata: ${json.slice(0, -1)}${' '.repeat(json.length % 7)}}\n\n`;
}

function stopReason(answer: Answer): string {
  if (answer.finish === 'length') return 'max_tokens';
  if (answer.finish === 'refusal') return 'refusal';
  return (answer.calls ?? []).length > 0 ? 'tool_use' : 'end_turn';
}

function inputUsage(answer: Answer): JsonObject {
  const { cacheWrite } = usageOf(answer);
  const byTime = { ephemeral_5m_input_tokens: cacheWrite, ephemeral_1h_input_tokens: 0 };
  return { ...promptUsage(answer), cache_creation: byTime };
}

function promptUsage(answer: Answer): JsonObject {
  const { input, cacheRead, cacheWrite } = usageOf(answer);
  return {
    input_tokens: input - cacheRead - cacheWrite,
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
  };
}

function thinkingUsage(answer: Answer): JsonObject {
  const { reasoning } = usageOf(answer);
  return reasoning === 0 ? {} : { output_tokens_details: { thinking_tokens: reasoning } };
}

/** https://docs.claude.com/en/api/models-list */
function listModels(models: readonly string[], page: URLSearchParams): string {
  const limit = Number(page.get('limit') ?? 20);
  const from = page.get('after_id') === null ? 0 : models.indexOf(String(page.get('after_id'))) + 1;
  const shown = models.slice(from, from + limit);
  const data = shown.map((id) => ({ type: 'model', id, display_name: id, created_at: '2026-01-01T00:00:00Z' }));
  const bounds = { first_id: shown[0] ?? null, last_id: shown.at(-1) ?? null };
  return JSON.stringify({ data, has_more: from + limit < models.length, ...bounds });
}
