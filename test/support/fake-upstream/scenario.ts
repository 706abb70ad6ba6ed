import type { JsonObject } from '../../../src/base/json.ts';
import type { RecordedRequest } from './recorded-request.ts';

/** A call the model makes; its id is made by the vendor. */
export interface ScriptedCall {
  readonly name: string;
  readonly args: JsonObject;
}

/** Tokens as the project counts them: `input` includes the caches, `output` the reasoning. Each vendor reports them its own way. */
export interface ScriptedUsage {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
}

/** A whole answer, in no dialect yet: thinking, text and calls come in this order. */
export interface Answer {
  readonly type: 'answer';
  readonly thinking?: string;
  readonly text?: string;
  /** The pieces the text streams in; they come instead of `text` cut into `chunks`. */
  readonly pieces?: Iterable<string>;
  /** Into how many pieces a stream cuts the text; 3 by default. */
  readonly chunks?: number;
  readonly calls?: readonly ScriptedCall[];
  readonly finish?: 'length' | 'refusal';
  readonly usage?: Partial<ScriptedUsage>;
  /** Silence before each event of a stream, in milliseconds. */
  readonly pauseMs?: number;
}

/** How a stream ends that does not end well; `half` is within an event. */
export type CutEnd = 'drop' | 'half' | 'hang' | 'close' | 'error';

/** An answer that ends badly after so many content events; 0 is before the first. */
export interface Cut {
  readonly type: 'cut';
  readonly answer: Answer;
  readonly after: number;
  readonly end: CutEnd;
  /** Connections break only once this has resolved: who reads slowly loses with the connection what it has not read. */
  readonly taken?: Promise<unknown>;
}

/** What the service does with one request. */
export type Scenario =
  | Answer
  | { readonly type: 'status'; readonly status: number; readonly options: StatusOptions }
  /** The connection is closed before a byte of an answer. */
  | { readonly type: 'drop' }
  /** Nothing comes until the client goes. */
  | { readonly type: 'hang' }
  | Cut
  | { readonly type: 'page'; readonly status: number }
  | { readonly type: 'typed'; readonly answer: Answer; readonly contentType: string }
  | { readonly type: 'drip'; readonly answer: Answer; readonly bytes: number; readonly pauseMs: number }
  | { readonly type: 'delay'; readonly ms: number; readonly then: Scenario };

/** What an error status says beside its number. */
export interface StatusOptions {
  /** Seconds, told in the vendor's own headers and words. */
  readonly retryAfterS?: number;
  /** True: not the rate but the account's allowance is used up. */
  readonly quota?: boolean;
  readonly message?: string;
}

/** One step of a script: a scenario, or one that depends on the request. */
export type ScriptStep = Scenario | ((request: RecordedRequest) => Scenario);

/** An answer of text alone, streamed in `chunks` pieces. */
export function text(words: string, more: Partial<Answer> = {}): Answer {
  return { type: 'answer', text: words, ...more };
}

/** An answer that calls tools. */
export function toolCalls(calls: readonly ScriptedCall[], more: Partial<Answer> = {}): Answer {
  return { type: 'answer', calls, ...more };
}

/** Two steps: the calls, then the words that follow once the results are back. */
export function toolLoop(calls: readonly ScriptedCall[], finalWords: string, more: Partial<Answer> = {}): ScriptStep[] {
  return [toolCalls(calls, more), text(finalWords, more)];
}

/** An answer that was thought about; its proof is demanded back, and a forged one refused. */
export function thinking(thought: string, words: string, more: Partial<Answer> = {}): Answer {
  return { type: 'answer', thinking: thought, text: words, ...more };
}

/** An error in the vendor's own shape, with its headers. */
export function status(code: number, options: StatusOptions = {}): Scenario {
  return { type: 'status', status: code, options };
}

/** Too many requests; comes with the time of the next try. */
export function rateLimited(retryAfterS = 20): Scenario {
  return status(429, { retryAfterS });
}

/** The account's allowance is used up. */
export function outOfQuota(options: StatusOptions = {}): Scenario {
  return status(429, { quota: true, ...options });
}

/** The connection is closed before the headers. */
export const dropBeforeHeaders: Scenario = { type: 'drop' };

/** No headers ever come. */
export const hangBeforeHeaders: Scenario = { type: 'hang' };

/** The stream ends badly after so many content events; 0 is before the first. A whole answer is cut in the middle. */
export function cutStream(
  after: number,
  end: CutEnd,
  answer: Answer = text('This answer will not be finished.'),
  taken?: Promise<unknown>,
): Scenario {
  return { type: 'cut', answer: { chunks: 6, ...answer }, after, end, ...(taken === undefined ? {} : { taken }) };
}

/** The stream opens and dies before its first content. */
export function diesBeforeContent(end: CutEnd = 'drop'): Scenario {
  return cutStream(0, end);
}

/** A page for people, as proxies and load balancers send it. */
export function htmlPage(code = 502): Scenario {
  return { type: 'page', status: code };
}

/** The right body under another type. */
export function wrongContentType(contentType = 'text/plain', answer: Answer = text('Hello')): Scenario {
  return { type: 'typed', answer, contentType };
}

/** The bytes come few at a time, cut anywhere. */
export function slowDrip(bytes: number, pauseMs = 0, answer: Answer = text('Grüße 😀 aus Köln')): Scenario {
  return { type: 'drip', answer, bytes, pauseMs };
}

/** Nothing for a while, then the scenario. */
export function delayed(ms: number, then: Scenario): Scenario {
  return { type: 'delay', ms, then };
}

/** A stream of so many bytes of text in pieces of 16 KiB. */
export function flood(bytes: number): Answer {
  const size = 16 * 1024;
  return { type: 'answer', pieces: repeat('lorem '.repeat(size / 6 + 1).slice(0, size), Math.ceil(bytes / size)) };
}

function repeat(piece: string, times: number): Iterable<string> {
  return {
    *[Symbol.iterator]() {
      for (let done = 0; done < times; done++) yield piece;
    },
  };
}
