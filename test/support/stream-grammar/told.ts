import type { JsonObject } from '../../../src/base/json.ts';

/** A call as a client reads it. */
export interface ToldCall {
  readonly name: string;
  /** The text of its arguments, or the input of a custom tool. */
  readonly args: string;
}

/** Tokens as a client counts them: `input` with what came from caches, `output` with what was thought. */
export interface ToldUsage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

/** What an answer says to its client, whole or streamed, in words that all dialects share. */
export interface Told {
  readonly text: string;
  readonly thoughts: string;
  readonly calls: readonly ToldCall[];
  /** The dialect's own word for the end. */
  readonly finish?: string;
  readonly usage?: ToldUsage;
  /** True when it ended in an error. */
  readonly failed: boolean;
}

/** One frame, with its data read. */
export interface ReadFrame {
  readonly event: string | undefined;
  /** `undefined` for the `[DONE]` of OpenAI's older dialects. */
  readonly data: JsonObject | undefined;
}

/** Notes what a stream breaks of its grammar. */
export type Blame = (fault: string) => void;

/** A stream's reader: takes the frames in order and answers what they told. */
export interface StreamReader {
  read(frame: ReadFrame): void;
  /** Called once after the last frame. */
  end(): Told;
}

/** A call under construction. */
export type CallDraft = { name: string; args: string; custom?: boolean };
