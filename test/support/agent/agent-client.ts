import type { JsonObject } from '../../../src/base/json.ts';
import type { UpstreamDialect } from '../../../src/translate/conformance/scenario.ts';

/** A call as the client's user sees it. */
export interface TakenCall {
  readonly id: string;
  readonly name: string;
  readonly args: unknown;
}

/** What a client understood of an answer. */
export interface Taken {
  readonly text: string;
  readonly calls: readonly TakenCall[];
}

/** What a tool gave. */
export interface AgentResult {
  readonly call: TakenCall;
  readonly text: string;
  readonly failed: boolean;
  /** True: the tool gave an image as well, where the dialect has such results. */
  readonly image: boolean;
}

/** A program that works for hours: it keeps its history as the real clients of its dialect do. */
export interface AgentClient {
  readonly dialect: UpstreamDialect;
  /** Its tools, by the names it gave them. */
  readonly tools: readonly string[];
  /** The body of its next request. */
  body(model: string): JsonObject;
  /** Reads a streamed answer and keeps it. Throws when the stream cannot be used. */
  take(stream: string): Taken;
  /** Keeps the results of the calls of the last answer, in the order given, with words of the user after them. */
  giveResults(results: readonly AgentResult[], words: string | undefined): void;
  ask(words: string): void;
  /** Something its program tells between the turns, where its dialect has such turns. */
  remind?(words: string): void;
}

/** An image of one pixel. */
export const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** The schema of a tool that reads. */
export const READ_SCHEMA = {
  type: 'object',
  properties: {
    path: { type: 'string', description: 'File to read.' },
    lines: { type: ['integer', 'null'], minimum: 1 },
    mode: { type: 'string', enum: ['text', 'binary'] },
  },
  required: ['path'],
  additionalProperties: false,
} as const;

/** The schema of a tool that changes several places at once. */
export const EDIT_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: {
    path: { type: 'string' },
    edits: {
      type: 'array',
      items: {
        type: 'object',
        properties: { from: { type: 'string' }, to: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
        required: ['from', 'to'],
      },
    },
  },
  required: ['path', 'edits'],
} as const;
