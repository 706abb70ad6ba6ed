import type { Account } from '../../src/base/account.ts';
import { createLog } from '../../src/base/log.ts';
import { createWatchdog } from '../../src/base/watchdog.ts';
import type { AccountState } from '../../src/pool/account-state.ts';
import type { Alias } from '../../src/pool/alias.ts';
import { buildCatalog } from '../../src/pool/model-catalog.ts';
import { createPool } from '../../src/pool/pool.ts';
import { resolveModel } from '../../src/pool/resolve-model.ts';
import type { Answer, ByteSource } from '../../src/relay/answer.ts';
import { type ClientCall, readCallBody } from '../../src/relay/call.ts';
import type { ExchangeRecord } from '../../src/relay/exchange.ts';
import type { BodyPolicy } from '../../src/relay/exchange-draft.ts';
import type { RelayLimits, RelayPorts } from '../../src/relay/journey.ts';
import { createRefusalMemory } from '../../src/relay/refusal-memory.ts';
import { createRelay } from '../../src/relay/relay.ts';
import { createWayFinder } from '../../src/relay/way.ts';
import type { DialectId } from '../../src/translate/dialect-id.ts';
import type { UpstreamRequest } from '../../src/upstream/provider.ts';
import { findProvider } from '../../src/upstream/registry.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { feedStream } from './feed-stream.ts';
import { memoryOfSeals } from './memory-of-seals.ts';
import { anAccount, aPolicy, T0 } from './pool-builders.ts';
import { responseMemory } from './response-memory.ts';

/** What an upstream does with one request. */
export type SendStep = (request: UpstreamRequest, signal: AbortSignal) => Response | Promise<Response>;

/** The ports of a relay over a real pool and the real codecs, with everything a test looks at. */
export interface RelaySetUp {
  readonly ports: RelayPorts;
  readonly clock: FakeClock;
  /** Every request that was sent, in order. */
  readonly sent: readonly UpstreamRequest[];
  /** Every exchange that was recorded. */
  readonly records: readonly ExchangeRecord[];
  /** Lines of the log from `warn` on. */
  readonly logged: readonly string[];
  state(account: string): AccountState;
  /** Accounts in use just now. */
  inFlight(): number;
}

/** What is special about a set-up. */
export interface SetUpOptions {
  /** `a` and `b` of OpenAI's chat dialect, serving `gpt-4o`, by default. */
  readonly accounts?: readonly Account[];
  readonly aliases?: readonly Alias[];
  readonly limits?: Partial<RelayLimits>;
  readonly bodies?: BodyPolicy;
  readonly responses?: RelayPorts['responses'];
  readonly refusals?: RelayPorts['refusals'];
  readonly fetchMedia?: RelayPorts['fetchMedia'] & {};
}

/** An account of a compatible server that serves `gpt-4o` in OpenAI's chat dialect. */
export function chatAccount(id: string, change: Partial<Account> = {}): Account {
  const baseUrl = `http://${id}.test/v1`;
  return anAccount(id, { provider: 'openai-compatible', baseUrl, models: ['gpt-4o'], ...change });
}

/** An account of a server that serves `claude` in Anthropic's dialect. */
export function claudeAccount(id: string, change: Partial<Account> = {}): Account {
  return anAccount(id, {
    provider: 'anthropic',
    baseUrl: `http://${id}.test`,
    models: ['claude-sonnet-4-5'],
    ...change,
  });
}

/** Joins a relay's ports whose upstreams act out `steps`, one for each request. */
export function setUpRelay(steps: readonly SendStep[], options: SetUpOptions = {}): RelaySetUp {
  const accounts = options.accounts ?? [chatAccount('a'), chatAccount('b')];
  const clock = createFakeClock(T0);
  const pool = createPool({ clock, policy: () => aPolicy({ patienceMs: 0 }) });
  pool.setAccounts(accounts);
  const catalog = buildCatalog(accounts);
  const sent: UpstreamRequest[] = [];
  const records: ExchangeRecord[] = [];
  const logged: string[] = [];
  const ports: RelayPorts = {
    pool,
    clock,
    findProvider,
    findWay: createWayFinder(findProvider),
    resolve: (model) => resolveModel(model, options.aliases ?? [], catalog),
    send: async (request, signal) => {
      const step = steps[sent.length];
      sent.push(request);
      if (step === undefined) throw new Error(`nobody expected request ${sent.length}`);
      return step(request, signal);
    },
    watchdog: createWatchdog(clock),
    log: createLog('warn', clock.now, (line) => logged.push(line)),
    seals: memoryOfSeals(),
    responses: options.responses ?? responseMemory(),
    refusals: options.refusals ?? createRefusalMemory(),
    exchangeLog: { record: (record) => records.push(record) },
    limits: () => ({ budgetMs: 600_000, firstByteMs: 120_000, idleMs: 300_000, ...options.limits }),
    bodies: () => options.bodies ?? { keep: 'none', limitBytes: 1024 },
    ...(options.fetchMedia === undefined ? {} : { fetchMedia: options.fetchMedia }),
  };
  return {
    ports,
    clock,
    sent,
    records,
    logged,
    state: (id) => pool.snapshot().find((state) => state.account.id === id)!,
    inFlight: () => pool.snapshot().reduce((sum, state) => sum + state.inFlight, 0),
  };
}

/** A client's request, with what is special about it. */
export interface CallOptions extends Partial<Omit<ClientCall, 'dialect' | 'body' | 'headers'>> {
  readonly headers?: { readonly [name: string]: string };
}

/** A client's request in a dialect; the body is an object, or the text exactly as the client wrote it. */
export function aCall(dialect: DialectId, body: object | string, options: CallOptions = {}): ClientCall {
  const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
  const { headers, ...rest } = options;
  const callBody = readCallBody(bytes);
  return {
    exchangeId: 'exchange1',
    dialect,
    path: '/v1/x',
    headers: new Headers(headers),
    body: callBody,
    model: String(callBody.json().model),
    stream: callBody.json().stream === true,
    asArray: false,
    strict: false,
    signal: new AbortController().signal,
    client: 'test',
    startedAt: T0,
    ...rest,
  };
}

/** A small chat request. */
export function chatBody(more: object = {}) {
  return { model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }], ...more };
}

/** A small Anthropic request. */
export function claudeBody(more: object = {}) {
  return { model: 'claude-sonnet-4-5', max_tokens: 99, messages: [{ role: 'user', content: 'hi' }], ...more };
}

/** A whole chat answer. */
export function chatAnswer(content = 'hello') {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'gpt-4o',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
  };
}

/** A whole Anthropic answer. */
export function claudeAnswer(text = 'hello') {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5',
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 3, output_tokens: 2 },
  };
}

/** Frames of a chat stream. */
export const chatFrames = {
  role: chunk({ delta: { role: 'assistant', content: '' } }),
  text: (content: string) => chunk({ delta: { content } }),
  finish: chunk({ delta: {}, finish_reason: 'stop' }),
  done: 'data: [DONE]\n\n',
  error: 'data: {"error":{"message":"it broke","type":"server_error","code":null}}\n\n',
};

function chunk(choice: object): string {
  const choices = [{ index: 0, finish_reason: null, ...choice }];
  return `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'gpt-4o', choices })}\n\n`;
}

/** Frames of an Anthropic stream. */
export const claudeFrames = {
  start: frame('message_start', { message: { ...claudeAnswer(), content: [], stop_reason: null } }),
  open: frame('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  text: (text: string) => frame('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
  close: frame('content_block_stop', { index: 0 }),
  finish: frame('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } }),
  stop: frame('message_stop', {}),
  error: frame('error', { error: { type: 'overloaded_error', message: 'busy' } }),
};

function frame(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

/** An upstream that answers with JSON. */
export function answers(body: object | string, init: ResponseInit = {}): SendStep {
  return () =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), {
      headers: { 'content-type': 'application/json' },
      ...init,
    });
}

/** An upstream that refuses. */
export function refuses(status: number, message: string, headers: { [name: string]: string } = {}): SendStep {
  return answers({ error: { message, type: 'error', code: null } }, { status, headers });
}

/** An upstream that answers with a whole stream. */
export function streams(...frames: readonly string[]): SendStep {
  return () => new Response(frames.join(''), { headers: { 'content-type': 'text/event-stream' } });
}

/** The next piece of a source, as text. */
export async function readNext(source: ByteSource): Promise<string | undefined> {
  const piece = await source.next();
  return piece === undefined ? undefined : asText(piece);
}

function asText(body: Uint8Array | string): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}

/** Everything an answer says, as text. */
export async function readAnswer(answer: Answer): Promise<string> {
  if (answer.type === 'whole') return asText(answer.body);
  let text = '';
  for (let piece: string | undefined = ''; piece !== undefined; piece = await readNext(answer.source)) text += piece;
  return text;
}

/** The body of a request that was sent, as text. */
export function bodyOf(request: UpstreamRequest | undefined): string {
  return asText(request?.body ?? '');
}

/** What became of one call, with the set-up it was carried through. */
export interface Carried extends RelaySetUp {
  readonly answer: Answer;
  readonly text: string;
  readonly headers: Answer['headers'];
  readonly status: number;
}

/** Carries one call past upstreams that act out `steps`, and reads the answer to its end. */
export async function carry(
  call: ClientCall,
  steps: readonly SendStep[],
  options: SetUpOptions = {},
): Promise<Carried> {
  const setUp = setUpRelay(steps, options);
  const answer = await createRelay(setUp.ports).carry(call);
  const status = answer.type === 'whole' ? answer.status : 200;
  return { ...setUp, answer, text: await readAnswer(answer), headers: answer.headers, status };
}

/** Begins to carry a call to an upstream whose stream the test feeds, after `before`. */
export async function begin(call: ClientCall, before: string, options: SetUpOptions = {}) {
  const upstream = feedStream();
  const setUp = setUpRelay([upstream.step], options);
  upstream.send(before);
  const answer = await createRelay(setUp.ports).carry(call);
  if (answer.type !== 'stream') throw new Error(`no stream, but ${await readAnswer(answer)}`);
  return { ...setUp, upstream, answer, source: answer.source };
}
