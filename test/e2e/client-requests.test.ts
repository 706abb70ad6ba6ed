import { afterAll, describe, expect } from 'bun:test';
import { isDeepStrictEqual } from 'node:util';
import { Glob } from 'bun';
import { asArray, asNumber, asObject, isObject, type JsonObject, parseJsonObject } from '../../src/base/json.ts';
import type { DialectId } from '../../src/translate/dialect-id.ts';
import { accountAt, SERVICES, UPSTREAM_DIALECTS, type UpstreamDialect } from '../support/accounts-at.ts';
import { type Gateway, startGateway } from '../support/executable.ts';
import type { RecordedRequest } from '../support/fake-upstream/recorded-request.ts';
import { text } from '../support/fake-upstream/scenario.ts';
import { type FakeUpstream, startFakeUpstream } from '../support/fake-upstream.ts';
import {
  type Checker,
  loadChecker,
  REQUEST_SCHEMAS,
  readShared,
  sharedFolder,
  sharedPath,
  testShared,
} from '../support/shared-folder.ts';
import { checkStream, tellWhole } from '../support/stream-grammar.ts';

/** A request as a real client sent it. */
interface ClientRequest {
  readonly file: string;
  readonly method: string;
  /** Without what the recorder put before it. */
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: JsonObject | undefined;
  readonly dialect: DialectId;
  readonly asks: 'whole' | 'stream' | 'count' | 'models';
}

const WORDS = 'Noted: all is well at the quay.';
/** Headers that belong to one connection. */
const OF_CONNECTION = ['connection', 'host', 'content-length', 'accept-encoding', 'transfer-encoding'];
const CLIENTS = sharedFolder() === undefined ? ['every client'] : listClients();

interface Running {
  readonly gateway: Gateway;
  readonly upstream: FakeUpstream;
}

/** A model of another generation for each dialect: what is sent depends on it. Clients of the same dialect ask for their own. */
const OTHER_MODELS: { readonly [D in UpstreamDialect]: string } = {
  'openai-chat': 'gpt-5.2',
  'openai-responses': 'gpt-4.1',
  'anthropic-messages': 'claude-opus-5-5',
  gemini: 'gemini-2.5-flash',
};

/**
 * Which of its own models answers a client of the same dialect, where the usual one would be of another generation than the client
 * takes it for: what passes through is not rewritten.
 */
const OWN_MODELS: { readonly [client: string]: string } = { 'claude-code': 'claude-opus-4-8' };

const started = new Map<UpstreamDialect, Promise<Running>>();

afterAll(async () => {
  for (const one of started.values()) {
    const { gateway, upstream } = await one;
    await gateway[Symbol.asyncDispose]();
    await upstream.stop();
  }
});

describe.each(UPSTREAM_DIALECTS)('with an upstream that speaks %s', (upstream) => {
  for (const client of CLIENTS) {
    testShared(`every request of ${client} is answered, and reaches the upstream in a form it takes`, async () => {
      const checker = await loadChecker();
      const running = await provide(upstream);
      const requests = readRequests(client);
      const findings: string[] = [];
      for (const model of [modelFor(client, upstream), OTHER_MODELS[upstream]]) {
        await leadTo(running, model, upstream);
        const sent =
          model === OTHER_MODELS[upstream] ? requests.filter(({ dialect }) => dialect !== upstream) : requests;
        for (const request of sent) {
          const faults = await exchange(running, { request, upstream, checker });
          findings.push(...faults.map((fault) => `${request.file}, ${model}: ${fault}`));
        }
      }
      expect(findings).toEqual([]);
    });
  }
});

/** A gateway whose every model is one of an upstream of this dialect. */
function provide(dialect: UpstreamDialect): Promise<Running> {
  const running = started.get(dialect) ?? start(dialect);
  started.set(dialect, running);
  return running;
}

async function start(dialect: UpstreamDialect): Promise<Running> {
  const upstream = await startFakeUpstream({ script: [text(WORDS, { chunks: 1 })], issued: issuedBefore() });
  const gateway = await startGateway();
  await gateway.addAccount(accountAt(upstream, dialect, { models: modelsOf(dialect) }));
  return { gateway, upstream };
}

/** Leads every name a client may ask for to one model. */
async function leadTo({ gateway }: Running, model: string, dialect: UpstreamDialect): Promise<void> {
  const items = [{ name: '*', targets: [{ provider: SERVICES[dialect].provider, model }] }];
  const { status } = await gateway.api('/api/aliases', { method: 'PUT', body: { items } });
  expect(status).toBe(200);
}

function modelFor(client: string, upstream: UpstreamDialect): string {
  const own = upstream === 'anthropic-messages' ? OWN_MODELS[client] : undefined;
  return own ?? SERVICES[upstream].model;
}

function modelsOf(upstream: UpstreamDialect): string[] {
  return [...new Set([OTHER_MODELS[upstream], ...CLIENTS.map((client) => modelFor(client, upstream))])];
}

/** What the services of the recorded conversations have given their clients to show again. */
function issuedBefore(): string[] {
  const texts = CLIENTS.flatMap(readRequests).map(({ body }) => JSON.stringify(body ?? {}));
  const shown = /"(?:signature|thoughtSignature|encrypted_content|previous_response_id)":"([^"]+)"/g;
  return texts.flatMap((written) => [...written.matchAll(shown)].map((match) => match[1]!));
}

interface Case {
  readonly request: ClientRequest;
  readonly upstream: UpstreamDialect;
  readonly checker: Checker;
}

/** Sends a request as the client did; what is wrong with its answer or with what reached the upstream. */
async function exchange(running: Running, one: Case): Promise<string[]> {
  const { gateway, upstream } = running;
  const { request } = await withEarlierTurn(running, one);
  const from = upstream.requests.length;
  const response = await fetch(gateway.url + request.path, {
    method: request.method,
    headers: request.headers,
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  const body = await response.text();
  if (response.status !== 200) return [`${response.status} ${body.slice(0, 400)}`];
  const asked = upstream.requests.slice(from);
  return [...checkAnswer(one, body), ...checkAsked(one, asked)];
}

/** What a client refers to was said in the recorder's own conversation; here it has to be said first. */
const REFERENCES = /"(previous_response_id|id)":"(resp|msg)_[^"]+"/g;

/** The case with what its request refers to being something that this gateway has said, where the upstream cannot know it. */
async function withEarlierTurn({ gateway }: Running, one: Case): Promise<Case> {
  const { request, upstream } = one;
  const text = JSON.stringify(request.body ?? {});
  const refers = /"previous_response_id":"|"item_reference"/.test(text);
  if (!refers || request.dialect !== 'openai-responses' || upstream === 'openai-responses') return one;
  const { model } = request.body!;
  const { body } = await gateway.api<JsonObject>('/v1/responses', { body: { model, input: 'Before.' } });
  const ids: { readonly [field: string]: unknown } = {
    previous_response_id: body.id,
    id: asObject(asArray(body.output)[0])?.id,
  };
  const referring = text.replaceAll(REFERENCES, (_, field: string) => `"${field}":"${ids[field]}"`);
  return { ...one, request: { ...request, body: parseJsonObject(referring) } };
}

function checkAnswer({ request, upstream }: Case, body: string): string[] {
  const { dialect, asks } = request;
  if (asks === 'models')
    return asArray(parseJsonObject(body).data ?? parseJsonObject(body).models).length > 0 ? [] : ['no models'];
  if (asks === 'count') return countIn(parseJsonObject(body)) > 0 ? [] : [`no count: ${body}`];
  if (dialect === upstream) return body.includes(WORDS) ? [] : [`not the upstream's own words: ${body.slice(0, 400)}`];
  if (asks === 'whole') return checkWords(tellWhole(dialect, parseJsonObject(body)).text);
  const asksUsage = asObject(request.body?.stream_options)?.include_usage === true;
  const { faults, told } = checkStream(dialect, body, { asksUsage });
  return [...faults, ...checkWords(told.text)];
}

function countIn(answer: JsonObject): number {
  return asNumber(answer.input_tokens) ?? asNumber(answer.totalTokens) ?? 0;
}

function checkWords(words: string): string[] {
  return words === WORDS ? [] : [`says '${words}'`];
}

/** One request in the upstream's own dialect, which its service takes: as it was sent, or in a form its schema knows. */
function checkAsked({ request, upstream, checker }: Case, asked: readonly RecordedRequest[]): string[] {
  const generations = asked.filter(({ operation }) => operation === 'generate');
  const wanted = request.asks === 'whole' || request.asks === 'stream' ? 1 : 0;
  const faults = generations.length === wanted ? [] : [`reached the upstream ${generations.length} times`];
  for (const { dialect, body, refusal, rawBody } of generations) {
    if (refusal !== undefined) faults.push(`refused: ${refusal}`);
    if (dialect !== upstream) faults.push(`sent in the dialect ${dialect}`);
    if (!isObject(body)) faults.push(`no JSON object: ${rawBody.slice(0, 200)}`);
    else if (request.dialect === upstream) faults.push(...findChanges(request.body, body));
    else faults.push(...findStrangers(checker, upstream, body));
  }
  return faults;
}

/**
 * Fields of a body that passes through which the gateway may change: it leads to another model, which may take no temperature,
 * it always counts, and it asks for thoughts that would be lost else.
 */
const OWN_FIELDS = ['model', 'stream_options', 'temperature', 'include'];

function findChanges(sent: JsonObject = {}, body: JsonObject): string[] {
  const fields = new Set([...Object.keys(sent), ...Object.keys(body)]).difference(new Set(OWN_FIELDS));
  return [...fields]
    .filter((field) => !isDeepStrictEqual(sent[field], body[field]))
    .map((field) => `changed: ${field}`);
}

function findStrangers(checker: Checker, upstream: UpstreamDialect, body: JsonObject): string[] {
  const { errors } = checker.schemas().validate(upstream, REQUEST_SCHEMAS[upstream], body, 'closed');
  return errors.map((error) => `schema: ${error}`);
}

function listClients(): string[] {
  const files = [...new Glob('*/*.json').scanSync(sharedPath('client-requests'))];
  return [...new Set(files.map((file) => file.slice(0, file.indexOf('/'))))].sort();
}

function readRequests(client: string): ClientRequest[] {
  const files = [...new Glob('*.json').scanSync(sharedPath('client-requests', client))].sort();
  return files.map((file) => readRequest(`${client}/${file}`));
}

/** The recorder had a path for each vendor before the client's own. */
const RECORDER_PATH = /^\/(?:openai|anthropic|gemini)(?=\/)/;

function readRequest(file: string): ClientRequest {
  const recorded = JSON.parse(readShared('client-requests', file)) as {
    readonly method: string;
    readonly path: string;
    readonly headers: { readonly [name: string]: string };
    readonly body?: JsonObject;
  };
  const path = recorded.path.replace(RECORDER_PATH, '');
  const headers = Object.entries(recorded.headers)
    .filter(([name]) => !OF_CONNECTION.includes(name.toLowerCase()))
    .map(([name, value]) => [name, value.replace('<API_KEY>', 'sk-client-0000000000')]);
  const body = isObject(recorded.body) ? recorded.body : undefined;
  return { file, method: recorded.method, path, headers: Object.fromEntries(headers), body, ...wishOf(path, body) };
}

const ENDPOINTS: readonly (readonly [RegExp, DialectId])[] = [
  [/\/chat\/completions$/, 'openai-chat'],
  [/\/completions$/, 'openai-completions'],
  [/\/responses$/, 'openai-responses'],
  [/\/messages(?:\/count_tokens)?$/, 'anthropic-messages'],
  [/\/models(?:\/|$)/, 'gemini'],
];

function wishOf(url: string, body: JsonObject | undefined): Pick<ClientRequest, 'dialect' | 'asks'> {
  const path = url.split('?')[0]!;
  const dialect = ENDPOINTS.find(([pattern]) => pattern.test(path))![1];
  if (path.endsWith('/models')) return { dialect, asks: 'models' };
  if (/count_?tokens$/i.test(path)) return { dialect, asks: 'count' };
  const streams = body?.stream === true || path.includes(':streamGenerateContent');
  return { dialect, asks: streams ? 'stream' : 'whole' };
}
