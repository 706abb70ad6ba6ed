import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Account, ProviderId } from '../../src/base/account.ts';
import { asString, isObject, tryParseJson } from '../../src/base/json.ts';
import type { DialectId } from '../../src/translate/dialect-id.ts';
import { makeAccount } from './fake-upstream/account.ts';
import { anthropic } from './fake-upstream/anthropic.ts';
import { gemini } from './fake-upstream/gemini.ts';
import { openAiChat } from './fake-upstream/openai-chat.ts';
import { openAiResponses } from './fake-upstream/openai-responses.ts';
import type { OpenRecord, RecordedRequest, RequestEnd } from './fake-upstream/recorded-request.ts';
import { Refusal } from './fake-upstream/refusal.ts';
import { type Route, routeRequest } from './fake-upstream/route-request.ts';
import { type Scenario, type ScriptStep, text } from './fake-upstream/scenario.ts';
import { type Exchange, serveScenario } from './fake-upstream/serve-answer.ts';
import { answerSide } from './fake-upstream/sides.ts';
import type { Memory, Vendor, VendorCall, VendorError } from './fake-upstream/vendor.ts';

/** What a fake upstream is to be like. */
export interface FakeUpstreamOptions {
  /** What it does with each request that asks for an answer, in order; the last step is repeated. */
  readonly script?: readonly ScriptStep[];
  /** The one key it accepts; any key by default, but never none. */
  readonly apiKey?: string;
  /** The models it lists, and the only ones it serves. Absent: it serves whatever is asked for. */
  readonly models?: readonly string[];
  /** Root fields it takes in chat requests beyond OpenAI's own, as compatible servers do. */
  readonly chatFields?: readonly string[];
  /** Proofs of thoughts and ids of responses that it knows of conversations before it was started. */
  readonly issued?: readonly string[];
}

/** A running fake of the four services, on a port of its own. */
export interface FakeUpstream extends AsyncDisposable {
  readonly url: string;
  /** Everything that was asked, in order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** The same, without counts and lists. */
  readonly generations: readonly RecordedRequest[];
  /** The proofs of thoughts it has given out, and those it knew before. */
  readonly proofs: ReadonlySet<string>;
  /** What an account of the provider has as its base URL. */
  baseUrlFor(provider: ProviderId): string;
  /** An account of the provider at this upstream. */
  accountFor(provider: ProviderId, change?: Partial<Account>): Account;
  /** Replaces what is left of the script. */
  play(...script: readonly ScriptStep[]): void;
  /** Resolves with the request of that number, counted from 1, once it has arrived. */
  arrived(count?: number): Promise<RecordedRequest>;
  stop(): Promise<void>;
}

const DEFAULT_MODELS = ['model-a', 'model-b'];
const DEFAULT_STEP: ScriptStep = text('Hello from the fake upstream.');

/** Starts a fake upstream on a free port of the loopback interface. Stopped by `await using`. */
export async function startFakeUpstream(options: FakeUpstreamOptions = {}): Promise<FakeUpstream> {
  const service = createService(options);
  const server = createServer((request, response) => void service.serve(request, response));
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = async () => {
    server.close();
    server.closeAllConnections();
  };
  const baseUrlFor = (provider: ProviderId) => url + (BASE_PATHS[provider] ?? '');
  return {
    url,
    requests: service.requests,
    proofs: service.proofs,
    get generations() {
      return service.requests.filter(({ operation }) => operation === 'generate');
    },
    baseUrlFor,
    accountFor: (provider, change) => makeAccount({ provider, baseUrl: baseUrlFor(provider), ...change }),
    play: service.play,
    arrived: service.arrived,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

const BASE_PATHS: { readonly [P in ProviderId]?: string } = {
  openai: '/v1',
  'openai-compatible': '/v1',
  openrouter: '/api/v1',
};

function createService(options: FakeUpstreamOptions) {
  const vendors = makeVendors(options);
  const memory: Memory = { proofs: new Set(options.issued), responses: new Set(options.issued) };
  const requests: OpenRecord[] = [];
  const waiting: (() => void)[] = [];
  let script = [...(options.script ?? [])];

  const nextStep = (): ScriptStep => (script.length > 1 ? script.shift()! : (script[0] ?? DEFAULT_STEP));

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const rawBody = await readBody(request);
    const headers = flatHeaders(request);
    const path = request.url ?? '/';
    const route = routeRequest(path.split('?')[0]!, headers);
    if (route === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Not Found');
      return;
    }
    const { record, cut } = openRecord(request, response, { route, rawBody, headers });
    requests.push(record);
    for (const wake of waiting.splice(0)) wake();
    const vendor = vendors[route.dialect]!;
    const call = readCall(record, memory, requests.length);
    const exchange: Exchange = { vendor, call, response, record, cut };
    if (checkRequest(exchange, request, options)) await answerRequest(exchange, nextStep, options);
  };

  const arrived = async (count = 1): Promise<RecordedRequest> => {
    while (requests.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    return requests[count - 1]!;
  };
  const play = (...steps: readonly ScriptStep[]) => {
    script = [...steps];
  };
  return { requests, proofs: memory.proofs, serve, arrived, play };
}

function makeVendors({ chatFields }: FakeUpstreamOptions): { readonly [D in DialectId]?: Vendor } {
  return {
    'openai-chat': openAiChat(new Set(chatFields)),
    'openai-responses': openAiResponses,
    'anthropic-messages': anthropic,
    gemini,
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function flatHeaders(request: IncomingMessage): { readonly [name: string]: string } {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
}

interface Arrival {
  readonly route: Route;
  readonly rawBody: string;
  readonly headers: { readonly [name: string]: string };
}

/** Begins the record of a request, with the function by which the script closes its connection. */
function openRecord(
  request: IncomingMessage,
  response: ServerResponse,
  arrival: Arrival,
): { readonly record: OpenRecord; readonly cut: () => void } {
  const ended = Promise.withResolvers<RequestEnd>();
  const startedAt = performance.now();
  const record: OpenRecord = { ...readArrival(request, arrival), aborted: false, sentBytes: 0, ended: ended.promise };
  let cutByScript = false;
  response.on('close', () => {
    if (!response.writableFinished && !cutByScript) {
      record.aborted = true;
      record.abortedAfterMs = performance.now() - startedAt;
    }
    ended.resolve(record.aborted ? 'aborted' : cutByScript ? 'cut' : 'answered');
  });
  const cut = () => {
    cutByScript = true;
    request.socket.destroy();
  };
  return { record, cut };
}

const FORM_MODEL = /name="model"\r\n(?:content-type:[^\r]*\r\n)?\r\n([^\r]*)\r\n/i;

function readArrival(request: IncomingMessage, { route, rawBody, headers }: Arrival) {
  const body = rawBody === '' ? undefined : tryParseJson(rawBody);
  const model = route.model ?? (isObject(body) ? asString(body.model) : FORM_MODEL.exec(rawBody)?.[1]);
  return {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers,
    rawBody,
    ...(isObject(body) ? { body } : {}),
    dialect: route.dialect,
    operation: route.operation,
    ...(model === undefined ? {} : { model }),
    stream: route.stream ?? (isObject(body) && body.stream === true),
  };
}

function readCall(record: OpenRecord, memory: Memory, serial: number): VendorCall {
  const { headers, body = {}, model = '', stream, path } = record;
  return { headers, query: new URLSearchParams(path.split('?')[1] ?? ''), body, model, stream, serial, memory };
}

/** Refuses as the service does what it would not take; false when it has. */
function checkRequest(exchange: Exchange, request: IncomingMessage, options: FakeUpstreamOptions): boolean {
  const { vendor, call, record } = exchange;
  try {
    checkKey(call, options);
    if (record.operation === 'models') return true;
    if (request.method !== 'POST') throw new Refusal('Method not allowed', { status: 405 });
    if (record.operation === 'side') return checkModel(call, options) ?? true;
    if (record.body === undefined) throw new Refusal('We could not parse the JSON body of your request.');
    if (record.operation === 'count') vendor.checkCount(call);
    else vendor.check(call);
    checkModel(call, options);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    record.refusal = thrown.message;
    const error: VendorError = { status: 400, ...thrown.detail, message: thrown.message };
    const { status, headers, body } = vendor.error(error, call.serial);
    exchange.response.writeHead(status, headers).end(body);
    return false;
  }
}

function checkKey({ headers }: VendorCall, { apiKey }: FakeUpstreamOptions): void {
  const bearer = headers.authorization?.replace(/^Bearer /, '');
  const key = headers['x-api-key'] ?? headers['x-goog-api-key'] ?? headers['api-key'] ?? bearer;
  if (key !== undefined && key !== '' && (apiKey === undefined || key === apiKey)) return;
  const status = headers['x-goog-api-key'] === undefined ? 401 : 400;
  throw new Refusal('The API key is missing or not valid.', {
    status,
    code: status === 400 ? 'API_KEY_INVALID' : 'invalid_api_key',
  });
}

function checkModel({ model }: VendorCall, { models }: FakeUpstreamOptions): void {
  if (models === undefined || models.includes(model)) return;
  const words = `The model \`${model}\` does not exist or you do not have access to it.`;
  throw new Refusal(words, { status: 404, code: 'model_not_found' });
}

async function answerRequest(
  exchange: Exchange,
  nextStep: () => ScriptStep,
  { models = DEFAULT_MODELS }: FakeUpstreamOptions,
): Promise<void> {
  const { vendor, call, record, response } = exchange;
  if (answerSide(record, response, exchange.cut)) return;
  if (record.operation !== 'generate') {
    const body = record.operation === 'count' ? vendor.count(call) : vendor.models(models, call.query);
    response.writeHead(200, { ...vendor.headers(call), 'content-type': 'application/json' }).end(body);
    return;
  }
  const step = nextStep();
  const scenario: Scenario = typeof step === 'function' ? step(record) : step;
  await serveScenario(exchange, scenario);
}
