import type { Clock } from '../base/clock.ts';
import { GatewayError, invalidRequest, toGatewayError } from '../base/gateway-error.ts';
import { newExchangeId } from '../base/id.ts';
import type { Log } from '../base/log.ts';
import type { Watchdog } from '../base/watchdog.ts';
import type { AnswerStoredResponse, StoredAsk } from '../relay/answer-stored-response.ts';
import { type CallBody, type ClientCall, nameClient, readCallBody, readIntent } from '../relay/call.ts';
import type { CountTokens } from '../relay/count-tokens.ts';
import type { Relay } from '../relay/relay.ts';
import { modelOf, readSideRequest } from '../relay/side-call.ts';
import type { DialectId } from '../translate/dialect-id.ts';
import { SIDE_OPERATIONS } from '../translate/side/registry.ts';
import { checkClientKey, type KeyHolder, type KeyPolicy } from './client-key.ts';
import { canonicalPath, type Endpoint, findEndpoint, isWrittenAs, nearestPath } from './find-endpoint.ts';
import { allowedModels, type ModelsPort, respondModel, respondModels } from './models.ts';
import { readBody } from './read-body.ts';
import { respond, respondError } from './respond.ts';
import { explainUnserved } from './unserved.ts';

/** What the client API is made of. */
export interface ClientApiPorts {
  readonly relay: Relay;
  readonly countTokens: CountTokens;
  readonly storedResponse: AnswerStoredResponse;
  readonly models: ModelsPort;
  readonly clock: Clock;
  readonly watchdog: Watchdog;
  readonly log: Log;
  /** False while the owner has stopped the service. */
  readonly isRunning: () => boolean;
  readonly keyPolicy: () => KeyPolicy;
  readonly maxBodyBytes: () => number;
}

/** The client API: every request that a client's program makes. */
export interface ClientApi {
  /** Answers a request whose endpoint is known from its route. Never throws. */
  answer(request: Request, endpoint: Endpoint): Promise<Response>;
  /** Answers a request at any other path: repaired where it can be, else a 404 that names the right one. */
  answerAnyPath(request: Request): Promise<Response>;
}

/** A request on its way in. */
interface Visit {
  readonly request: Request;
  readonly url: URL;
  readonly exchangeId: string;
  readonly startedAt: number;
  readonly hint?: string;
  /** Who asks, when a named client key was shown. */
  readonly holder?: KeyHolder;
}

/** Makes the client API. */
export function createClientApi(ports: ClientApiPorts): ClientApi {
  const enter = (request: Request): Visit => {
    const startedAt = ports.clock.now();
    return { request, url: new URL(request.url), exchangeId: newExchangeId(startedAt), startedAt };
  };
  return {
    answer: async (request, endpoint) => {
      if (request.method === 'OPTIONS') return respondOptions(endpoint);
      const visit = enter(request);
      try {
        return await answerEndpoint(ports, visit, endpoint);
      } catch (thrown) {
        return respondFault(ports, visit, dialectOf(endpoint, visit), thrown);
      }
    },
    answerAnyPath: async (request) => {
      const visit = enter(request);
      const found = findEndpoint(visit.url.pathname);
      if (request.method === 'OPTIONS') return respondOptions(found);
      try {
        return await answerUnknown(ports, visit, found);
      } catch (thrown) {
        const dialect = found === undefined ? guessDialect(visit) : dialectOf(found, visit);
        return respondFault(ports, visit, dialect, thrown);
      }
    },
  };
}

function respondFault(ports: ClientApiPorts, visit: Visit, dialect: DialectId, thrown: unknown): Response {
  const error = toGatewayError(thrown);
  if (error.kind === 'internal') {
    ports.log.error('request broke', { path: visit.url.pathname, cause: error.detail.cause });
  }
  return respondError(error, dialect, visit.exchangeId);
}

async function answerUnknown(ports: ClientApiPorts, visit: Visit, found: Endpoint | undefined): Promise<Response> {
  const holder = checkClientKey(visit.request, visit.url, ports.keyPolicy(), false);
  const { pathname } = visit.url;
  if (found === undefined) {
    const unserved = explainUnserved(pathname);
    if (unserved !== undefined) throw new GatewayError('route-unknown', unserved);
    const known = `${visit.url.origin}${nearestPath(pathname)}`;
    throw new GatewayError(
      'route-unknown',
      `There is nothing at ${pathname}. ${baseUrlAdvice(visit)} The nearest endpoint is ${known}.`,
    );
  }
  if (found.operation !== 'generate' || 'model' in found) return answerEndpoint(ports, repaired(visit, found), found);
  checkMethod(visit.request, found);
  const body = readCallBody(await readBody(visit.request, ports.maxBodyBytes()));
  const fitting = findEndpoint(pathname, (dialect) => fitsBody(dialect, body)) ?? found;
  return generate(
    ports,
    heldBy(repaired(visit, fitting), holder),
    fitting as Endpoint & { operation: 'generate' },
    body,
  );
}

async function answerEndpoint(ports: ClientApiPorts, asked: Visit, endpoint: Endpoint): Promise<Response> {
  const { request, url } = asked;
  const holder = checkClientKey(request, url, ports.keyPolicy(), endpoint.operation === 'health');
  const visit = heldBy(asked, holder);
  if (endpoint.operation === 'health') return respondHealth(ports.isRunning());
  if (!ports.isRunning()) {
    throw new GatewayError('service-stopped', `The gateway is stopped. Start it at ${url.origin}/ui.`);
  }
  checkMethod(request, endpoint);
  switch (endpoint.operation) {
    case 'list-models':
      return respondModels(request, url, allowedModels(ports.models, holder));
    case 'get-model':
      return respondModel(request, url, allowedModels(ports.models, holder), endpoint.model);
    case 'stored-response':
      return respond(await ports.storedResponse(askOf(visit, endpoint)), false, ports);
    case 'compact-response': {
      const body = readCallBody(await readBody(request, ports.maxBodyBytes()));
      const { model } = readIntent(body);
      const call = makeCall(visit, endpoint.dialect, body, { model, stream: false });
      return respond(await ports.relay.carry({ ...call, resource: 'compact' }), false, ports);
    }
    case 'count-tokens': {
      const body = readCallBody(await readBody(request, ports.maxBodyBytes()));
      const call = makeCall(visit, endpoint.dialect, body, intentOf(endpoint, body));
      return respond(await ports.countTokens(call), false, ports);
    }
    case 'side': {
      const bytes = await readBody(request, ports.maxBodyBytes());
      const side = readSideRequest(SIDE_OPERATIONS[endpoint.side], bytes, request.headers.get('content-type') ?? '');
      const intent = { model: 'model' in endpoint ? endpoint.model : modelOf(side), stream: false };
      const call = { ...makeCall(visit, endpoint.dialect, side.body, intent), side: side.side };
      return respond(await ports.relay.carry(call), false, ports);
    }
    case 'generate': {
      const body = readCallBody(await readBody(request, ports.maxBodyBytes()));
      return generate(ports, visit, endpoint, body);
    }
    default:
      return endpoint satisfies never;
  }
}

type Generate = Endpoint & { readonly operation: 'generate' };

async function generate(ports: ClientApiPorts, visit: Visit, endpoint: Generate, body: CallBody): Promise<Response> {
  if (!ports.isRunning()) {
    throw new GatewayError('service-stopped', `The gateway is stopped. Start it at ${visit.url.origin}/ui.`);
  }
  checkMethod(visit.request, endpoint);
  const call = makeCall(visit, endpoint.dialect, body, intentOf(endpoint, body));
  return respond(await ports.relay.carry(call), call.asArray, ports);
}

type Stored = Endpoint & { readonly operation: 'stored-response' };

function askOf({ request, url, exchangeId }: Visit, { id, part }: Stored): StoredAsk {
  const { headers, signal, method } = request;
  const whole = method === 'DELETE' ? 'delete' : 'read';
  const wish = part === undefined ? whole : WISHES[part];
  return { id, wish, query: url.searchParams, headers, signal, exchangeId };
}

const WISHES = { input_items: 'list-input', cancel: 'cancel' } as const;

function intentOf(endpoint: Endpoint, body: CallBody): { model: string; stream: boolean } {
  if (!('model' in endpoint)) return readIntent(body);
  if (endpoint.operation === 'get-model') throw invalidRequest('A model has no body.');
  return { model: endpoint.model, stream: endpoint.operation === 'generate' && endpoint.stream };
}

function makeCall(
  visit: Visit,
  dialect: DialectId,
  body: CallBody,
  intent: { model: string; stream: boolean },
): ClientCall {
  const { request, url, exchangeId, startedAt, hint, holder } = visit;
  holder?.admit(intent.model);
  return {
    exchangeId,
    dialect,
    path: url.pathname,
    headers: request.headers,
    body,
    model: intent.model,
    stream: intent.stream,
    asArray: dialect === 'gemini' && intent.stream && url.searchParams.get('alt') !== 'sse',
    strict: request.headers.get('x-trivium-strict') === '1',
    signal: request.signal,
    client: nameClient(request.headers),
    startedAt,
    ...(hint === undefined ? {} : { hint }),
    ...(holder === undefined ? {} : { clientKey: holder.id }),
  };
}

function respondHealth(running: boolean): Response {
  return Response.json({ status: running ? 'ok' : 'stopped' }, { status: running ? 200 : 503 });
}

/** What may be asked here; nobody needs a key to know. */
function respondOptions(endpoint: Endpoint | undefined): Response {
  const methods = endpoint === undefined ? ['GET', 'HEAD', 'POST'] : allowedMethods(endpoint);
  return new Response(null, { status: 204, headers: { allow: [...methods, 'OPTIONS'].join(', ') } });
}

function checkMethod(request: Request, endpoint: Endpoint): void {
  const allowed = allowedMethods(endpoint);
  if (allowed.includes(request.method)) return;
  // a WebSocket is asked for with GET: clients fall back to POST at once when told to
  if (request.method === 'GET' && request.headers.get('upgrade')?.toLowerCase() === 'websocket') {
    throw new GatewayError('upgrade-required', 'WebSockets are not served here; send the request with POST.');
  }
  const words = `${request.method} is not allowed here; use ${allowed.join(' or ')}.`;
  throw new GatewayError('method-not-allowed', words, { allowed });
}

function allowedMethods(endpoint: Endpoint): readonly string[] {
  switch (endpoint.operation) {
    case 'generate':
    case 'count-tokens':
    case 'side':
      return ['POST'];
    case 'compact-response':
      return ['POST'];
    case 'stored-response':
      if (endpoint.part === undefined) return ['GET', 'DELETE'];
      return endpoint.part === 'cancel' ? ['POST'] : ['GET'];
    default:
      return ['GET', 'HEAD'];
  }
}

function heldBy(visit: Visit, holder: KeyHolder | undefined): Visit {
  return holder === undefined ? visit : { ...visit, holder };
}

function repaired(visit: Visit, endpoint: Endpoint): Visit {
  const right = canonicalPath(endpoint);
  if (isWrittenAs(visit.url.pathname, right)) return visit;
  return { ...visit, hint: `The client asked ${visit.url.pathname}; its base URL should lead to ${right}.` };
}

/** Whether a body has the one field that only requests of this dialect have. */
function fitsBody(dialect: DialectId, body: CallBody): boolean {
  const has = (key: string) => body.field(key) !== undefined;
  switch (dialect) {
    case 'openai-responses':
      return has('input');
    case 'openai-completions':
      return has('prompt') && !has('messages') && !has('input');
    case 'gemini':
      return has('contents');
    default:
      return has('messages');
  }
}

function dialectOf(endpoint: Endpoint, visit: Visit): DialectId {
  return 'dialect' in endpoint ? endpoint.dialect : guessDialect(visit);
}

/** The dialect a client most likely speaks, where its path does not tell. */
function guessDialect({ request, url }: Visit): DialectId {
  if (request.headers.has('anthropic-version')) return 'anthropic-messages';
  const isGoogle = request.headers.has('x-goog-api-key') || request.headers.has('x-goog-api-client');
  if (isGoogle || /^\/v1(?:beta1?|alpha)(?:\/|$)/.test(url.pathname)) return 'gemini';
  return 'openai-chat';
}

function baseUrlAdvice(visit: Visit): string {
  const { origin } = visit.url;
  switch (guessDialect(visit)) {
    case 'anthropic-messages':
      return `The base URL of an Anthropic client is ${origin}.`;
    case 'gemini':
      return `The base URL of a Gemini client is ${origin}.`;
    default:
      return `The base URL of an OpenAI client is ${origin}/v1.`;
  }
}
