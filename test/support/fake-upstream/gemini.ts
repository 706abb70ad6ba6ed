import { asObject, type Json, type JsonObject } from '../../../src/base/json.ts';
import { checkCountTokens, checkGenerate } from './check-gemini.ts';
import { protoLine, protoText } from './proto-json.ts';
import type { Answer } from './scenario.ts';
import {
  cut,
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

const HEADERS = {
  server: 'scaffolding on HTTPServer2',
  'server-timing': 'gfet4t7; dur=412',
  'x-xss-protection': '0',
  'x-frame-options': 'SAMEORIGIN',
  'alt-svc': 'h3=":443"; ma=2592000',
} as const;

const STATUS: { readonly [status: number]: readonly [status: string, message: string] } = {
  400: ['INVALID_ARGUMENT', 'Request contains an invalid argument.'],
  401: ['UNAUTHENTICATED', 'Request had invalid authentication credentials.'],
  403: ['PERMISSION_DENIED', 'The caller does not have permission'],
  404: ['NOT_FOUND', 'Requested entity was not found.'],
  429: ['RESOURCE_EXHAUSTED', 'You exceeded your current quota, please check your plan and billing details.'],
  500: ['INTERNAL', 'An internal error has occurred.'],
  503: ['UNAVAILABLE', 'The model is overloaded. Please try again later.'],
  504: ['DEADLINE_EXCEEDED', 'The request timed out. Please try again.'],
};

/** Gemini's developer service; its lines end with CR LF. https://ai.google.dev/api/generate-content */
export const gemini: Vendor = {
  dialect: 'gemini',
  streamType: (call) => (isSse(call) ? 'text/event-stream' : 'application/json; charset=UTF-8'),
  check: checkGenerate,
  checkCount: checkCountTokens,
  headers: () => HEADERS,
  whole: (answer, call) => protoText(wholeAnswer(answer, call)),
  stream: (answer, call) => (isSse(call) ? streamAnswer(answer, call) : listAnswer(answer, call)),
  error: geminiError,
  // not an event at all: a bare object follows the last one
  streamError: () => protoText(errorObject({ status: 503 })),
  count: () => protoText({ totalTokens: 25, promptTokensDetails: [{ modality: 'TEXT', tokenCount: 25 }] }),
  models: listModels,
};

/** https://cloud.google.com/apis/design/errors */
function errorObject(error: VendorError): JsonObject {
  const [status, message] = STATUS[error.status] ?? ['UNKNOWN', 'Unknown error.'];
  const details = detailsOf(error);
  return {
    error: {
      code: error.status,
      message: error.message ?? message,
      status,
      ...(details.length === 0 ? {} : { details }),
    },
  };
}

function detailsOf(error: VendorError): Json[] {
  const domain = 'googleapis.com';
  const type = (name: string) => `type.googleapis.com/google.rpc.${name}`;
  if (error.code === 'API_KEY_INVALID') {
    const metadata = { service: 'generativelanguage.googleapis.com' };
    return [{ '@type': type('ErrorInfo'), reason: 'API_KEY_INVALID', domain, metadata }];
  }
  if (error.status !== 429) return [];
  const span = error.quota ? 'PerDay' : 'PerMinute';
  const violation = {
    quotaMetric: 'generativelanguage.googleapis.com/generate_content_requests',
    quotaId: `GenerateRequests${span}PerProjectPerModel`,
    quotaDimensions: { location: 'global' },
    quotaValue: '50',
  };
  return [
    { '@type': type('QuotaFailure'), violations: [violation] },
    {
      '@type': type('Help'),
      links: [
        { description: 'Learn more about Gemini API quotas', url: 'https://ai.google.dev/gemini-api/docs/rate-limits' },
      ],
    },
    { '@type': type('RetryInfo'), retryDelay: `${error.retryAfterS ?? 20}s` },
  ];
}

function geminiError(error: VendorError): WireAnswer {
  const headers = { ...HEADERS, 'content-type': 'application/json; charset=UTF-8' };
  return { status: error.status, headers, body: protoText(errorObject(error)) };
}

function wholeAnswer(answer: Answer, call: VendorCall): JsonObject {
  const said = textOf(answer);
  const parts: JsonObject[] = [
    ...thoughtParts(answer, call, 1),
    ...(said === undefined ? [] : [{ text: said, ...proofOf(answer, call, 0) }]),
    ...callParts(answer, call),
  ];
  return chunk(answer, call, parts, true);
}

function isSse(call: VendorCall): boolean {
  return call.query.get('alt') === 'sse';
}

function* streamAnswer(answer: Answer, call: VendorCall): Iterable<WireEvent> {
  for (const { data, content } of chunksOf(answer, call)) yield { text: `data: ${protoLine(data)}\r\n\r\n`, content };
}

/** Without `alt=sse` a stream is one JSON array that grows. */
function* listAnswer(answer: Answer, call: VendorCall): Iterable<WireEvent> {
  let lead = '[';
  for (const { data, content } of chunksOf(answer, call)) {
    yield { text: lead + JSON.stringify(data, null, 2), content };
    lead = '\n,\r\n';
  }
  yield { text: '\n]\n', content: false };
}

interface Chunk {
  readonly data: JsonObject;
  readonly content: boolean;
}

/**
 * Newer models end with an empty text, which has the proof when there are no calls, and give each call a chunk; older ones end with
 * the last of the answer, and put all calls into one chunk.
 */
function* chunksOf(answer: Answer, call: VendorCall): Iterable<Chunk> {
  const make = (parts: readonly JsonObject[], last = false): Chunk => ({
    data: chunk(answer, call, parts, last),
    content: parts.some((part) => part.text !== '' || part.functionCall !== undefined),
  });
  let held: readonly JsonObject[] | undefined;
  for (const parts of partsOf(answer, call)) {
    if (held !== undefined) yield make(held);
    held = parts;
  }
  const proof = (answer.calls ?? []).length === 0 ? proofOf(answer, call, 0) : {};
  if (held !== undefined && !isNewer(call) && proof.thoughtSignature === undefined) return yield make(held, true);
  if (held !== undefined) yield make(held);
  yield make([{ text: '', ...proof }], true);
}

function* partsOf(answer: Answer, call: VendorCall): Iterable<readonly JsonObject[]> {
  for (const part of thoughtParts(answer, call, 2)) yield [part];
  for (const piece of piecesOf(answer)) yield [{ text: piece }];
  const calls = callParts(answer, call);
  if (isNewer(call)) for (const part of calls) yield [part];
  else if (calls.length > 0) yield calls;
}

function isNewer({ model }: VendorCall): boolean {
  return /gemini-[3-9]/.test(model);
}

function thoughtParts(answer: Answer, call: VendorCall, pieces: number): JsonObject[] {
  const config = asObject(call.body.generationConfig);
  const shows = asObject(config?.thinkingConfig)?.includeThoughts === true;
  if (answer.thinking === undefined || !shows) return [];
  return cut(answer.thinking, pieces).map((text) => ({ text, thought: true }));
}

/** The proof is on the first call, else on the last piece of text. */
function proofOf(answer: Answer, call: VendorCall, at: number): JsonObject {
  return answer.thinking === undefined || at > 0 ? {} : { thoughtSignature: issueProof(call, 0) };
}

function callParts(answer: Answer, call: VendorCall): JsonObject[] {
  const thinks = answer.thinking !== undefined || isNewer(call);
  return (answer.calls ?? []).map(({ name, args }, at) => ({
    functionCall: { name, args, id: idOf('', call, `call${at}`, 8).toLowerCase() },
    ...(thinks && at === 0 ? { thoughtSignature: issueProof(call, 1) } : {}),
  }));
}

function chunk(answer: Answer, call: VendorCall, parts: readonly JsonObject[], last: boolean): JsonObject {
  return {
    candidates: [
      {
        content: { parts, role: 'model' },
        ...(last ? { finishReason: finishOf(answer) } : {}),
        index: 0,
      },
    ],
    usageMetadata: usageObject(answer, last),
    modelVersion: call.model,
    responseId: idOf('', call, 'response', 22),
  };
}

function finishOf(answer: Answer): string {
  if (answer.finish === 'length') return 'MAX_TOKENS';
  return answer.finish === 'refusal' ? 'SAFETY' : 'STOP';
}

/** Counts grow with the stream; thoughts are counted beside the answer, cached tokens within the prompt. */
function usageObject(answer: Answer, last: boolean): JsonObject {
  const { input, cacheRead, output, reasoning } = usageOf(answer);
  const visible = last ? output - reasoning : 1;
  return {
    promptTokenCount: input,
    ...(cacheRead === 0 ? {} : { cachedContentTokenCount: cacheRead }),
    candidatesTokenCount: visible,
    totalTokenCount: input + visible + reasoning,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: input }],
    ...(reasoning === 0 ? {} : { thoughtsTokenCount: reasoning }),
  };
}

/** https://ai.google.dev/api/models#method:-models.list */
function listModels(models: readonly string[], page: URLSearchParams): string {
  const size = Number(page.get('pageSize') ?? 50);
  const from = Number(page.get('pageToken') ?? 0);
  const shown = models.slice(from, from + size).map((id) => ({
    name: `models/${id}`,
    version: '001',
    displayName: id,
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: ['generateContent', 'countTokens', 'createCachedContent'],
  }));
  const next = from + size < models.length ? { nextPageToken: String(from + size) } : {};
  return protoText({ models: shown, ...next });
}
