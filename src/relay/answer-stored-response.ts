import type { Account } from '../base/account.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { JsonObject } from '../base/json.ts';
import { maskError, maskText } from '../base/mask-text.ts';
import type { UpstreamFailure } from '../translate/dialect.ts';
import { pageOfItems, readPage } from '../translate/stored-response.ts';
import { answerHeaders, forwardHeaders } from '../upstream/headers.ts';
import { readFailure } from '../upstream/read-failure.ts';
import type { Answer, ByteSource, WholeAnswer } from './answer.ts';
import { urlBelow } from './attempt.ts';
import { findAccount } from './follow-references.ts';
import { heartbeatText } from './heartbeat.ts';
import type { RelayPorts } from './journey.ts';
import type { ResponseOrigin } from './response-memory.ts';
import type { Way } from './way.ts';
import { isEventStream } from './whole-answer.ts';

/** What a client asks of a response that it had before. */
export interface StoredAsk {
  readonly id: string;
  readonly wish: 'read' | 'delete' | 'list-input' | 'cancel';
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly signal: AbortSignal;
  readonly exchangeId: string;
}

/** Answers what is asked of a response. Throws `route-unknown` for one that nobody knows. */
export type AnswerStoredResponse = (ask: StoredAsk) => Promise<Answer>;

/** Makes what answers for stored responses: for ours from memory, for those of an upstream that very account. */
export function createAnswerStoredResponse(ports: RelayPorts): AnswerStoredResponse {
  return async (ask) => {
    const ours = answerFromMemory(ports, ask);
    if (ours !== undefined) return wholeAnswer(ask, ours);
    const origin = ports.responses.origin(ask.id);
    const account = origin === undefined ? undefined : findAccount(ports, origin.account);
    if (origin === undefined || account === undefined) throw notFound(ask.id);
    return askUpstream(ports, ask, account, origin);
  };
}

function answerFromMemory({ responses }: RelayPorts, ask: StoredAsk): JsonObject | undefined {
  const { id, wish, query } = ask;
  if (wish === 'delete') return responses.remove(id) ? { id, object: 'response', deleted: true } : undefined;
  const stored = responses.response(id);
  if (stored === undefined) return undefined;
  switch (wish) {
    case 'list-input':
      return pageOfItems(stored, readPage(query));
    case 'cancel':
      throw new GatewayError(
        'route-unknown',
        `The response "${id}" was not made in the background: it cannot be canceled.`,
      );
    case 'read':
      if (query.get('stream') !== 'true') return stored.response;
      throw new GatewayError(
        'invalid-request',
        `The response "${id}" was not made in the background: it cannot be streamed again.`,
        { param: 'stream' },
      );
    default:
      return wish satisfies never;
  }
}

function notFound(id: string): GatewayError {
  return new GatewayError('route-unknown', `Response with id '${id}' not found.`, { code: 'response_not_found' });
}

const BELOW: { readonly [W in StoredAsk['wish']]?: string } = { 'list-input': '/input_items', cancel: '/cancel' };

async function askUpstream(
  ports: RelayPorts,
  ask: StoredAsk,
  account: Account,
  origin: ResponseOrigin,
): Promise<Answer> {
  const way = ports.findWay(account, 'openai-responses', origin.model);
  if (!way.passes) throw notFound(ask.id);
  const url = urlBelow(way.wholeUrl, `${encodeURIComponent(ask.id)}${BELOW[ask.wish] ?? ''}`);
  const proxy = account.proxyUrl === undefined ? {} : { proxyUrl: account.proxyUrl };
  const request = {
    method: METHODS[ask.wish],
    url: withQuery(url, ask.query),
    headers: { ...headersFor(ask, way), ...way.authorization },
    ...proxy,
  };
  const response = await ports.send(request, ask.signal);
  if (response.status >= 300) return answerFailure(ask, way, await readFailure(response, ports.clock.now()));
  if (ask.wish === 'delete') ports.responses.forgetOrigin(ask.id);
  const headers = {
    ...answerHeaders(response.headers, { clientDialect: 'openai-responses', passes: true }),
    'x-trivium-account': account.id,
  };
  if (isEventStream(response) && response.body !== null) {
    return { type: 'stream', headers, source: sourceOf(response.body), heartbeat: heartbeatText(way.client.client!) };
  }
  return wholeAnswer(ask, await response.text(), headers);
}

/** What the upstream says of the request goes on as it is; what it says of the account is ours to tell. */
function answerFailure(ask: StoredAsk, way: Way, failure: UpstreamFailure): Answer {
  if (!OF_THE_REQUEST.has(failure.status)) throw maskError(way.upstream.upstream!.decodeError(failure));
  return { ...wholeAnswer(ask, maskText(failure.body)), status: failure.status };
}

const OF_THE_REQUEST = new Set([400, 404, 409, 422]);

const METHODS = { read: 'GET', delete: 'DELETE', 'list-input': 'GET', cancel: 'POST' } as const;

function headersFor(ask: StoredAsk, way: Way) {
  const stream = ask.query.get('stream') === 'true';
  return forwardHeaders(ask.headers, {
    clientDialect: 'openai-responses',
    upstreamDialect: way.upstream.id,
    provider: way.provider.id,
    stream,
  });
}

/** The client's key may stand in its query; nothing but what the endpoints know goes along. */
function withQuery(url: string, query: URLSearchParams): string {
  const asked = new URL(url);
  for (const [name, value] of query) if (QUERY.has(name)) asked.searchParams.append(name, value);
  return asked.href;
}

const QUERY = new Set([
  'include',
  'include[]',
  'include_obfuscation',
  'starting_after',
  'stream',
  'after',
  'limit',
  'order',
]);

function sourceOf(body: ReadableStream<Uint8Array>): ByteSource {
  const reader = body.getReader();
  return {
    next: () =>
      reader
        .read()
        .then(({ value }) => value)
        .catch(() => undefined),
    cancel: () => void reader.cancel().catch(() => {}),
  };
}

function wholeAnswer(
  ask: StoredAsk,
  body: JsonObject | string,
  headers: { readonly [name: string]: string } = {},
): WholeAnswer {
  return {
    type: 'whole',
    status: 200,
    headers: { 'x-trivium-request-id': ask.exchangeId, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}
