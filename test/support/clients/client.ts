import type { JsonObject } from '../../../src/base/json.ts';
import type { DialectId } from '../../../src/translate/dialect-id.ts';

/** What a client's library tells of one answer. */
export interface Said {
  readonly text: string;
  /** The model that the answer names. */
  readonly model: string;
  readonly usage: SaidUsage;
  readonly finish: string | undefined;
  readonly calls: readonly SaidCall[];
  /** How many pieces of text came; 1 for a whole answer with text. */
  readonly pieces: number;
}

/** Tokens as the project counts them: `input` includes what was cached, `output` the reasoning. */
export interface SaidUsage {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly cached: number | undefined;
}

/** A call as the library understood it. */
export interface SaidCall {
  readonly name: string;
  readonly args: JsonObject;
}

/** Where a client asks, and for what. */
export interface Visit {
  /** The root of the gateway. */
  readonly url: string;
  readonly model: string;
  readonly prompt: string;
  readonly stream: boolean;
  readonly signal?: AbortSignal;
}

/** The result of a tool for its arguments. */
export type RunTool = (args: JsonObject) => string;

/** An official library, driven as a program would. It never repeats a request by itself. */
export interface Client {
  readonly name: string;
  readonly dialect: DialectId;
  /** What it calls a good end, and an end with calls. */
  readonly finishes: { readonly stop: string; readonly calls: string };
  /** The class of the errors it raises. */
  readonly errorClass: abstract new (
    ...parts: never[]
  ) => Error;
  /** One question, one answer. */
  ask(visit: Visit): Promise<Said>;
  /** A question, an answer with calls, their results, an answer. Absent: the dialect has no tools. */
  useTools?(visit: Visit, run: RunTool): Promise<readonly [calls: Said, final: Said]>;
}

/** The one tool that every client offers. */
export const WEATHER = {
  name: 'get_weather',
  description: 'Tells the weather of a city.',
  schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
} as const;

/** The status an error of any of the libraries tells, where it has one. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { status?: unknown }).status;
  return typeof status === 'number' ? status : undefined;
}
