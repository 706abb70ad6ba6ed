import type { JsonObject } from '../../base/json.ts';
import type { Usage } from '../../base/usage.ts';
import type { CanonicalEvent } from '../canonical/event.ts';
import type { AnswerContext } from '../dialect.ts';
import { createOneBlock, type OneBlock } from '../stream/one-block.ts';
import type { Emit } from '../stream/transducer.ts';
import type { AudioPieces } from './decode-media.ts';
import { type StreamedCalls, startCalls } from './decode-tool-calls.ts';

/** What is known of a streamed answer so far. */
export interface DecodeState {
  readonly emit: Emit<CanonicalEvent>;
  readonly context: AnswerContext;
  readonly blocks: OneBlock;
  readonly calls: StreamedCalls;
  readonly audio: AudioPieces;
  started: boolean;
  /** True once anything but the frame of an answer has come. */
  hasContent: boolean;
  ended: boolean;
  finishWord: string | undefined;
  /** What vLLM says of the stop sequence it met. */
  stopReason: unknown;
  usage: Usage | undefined;
  /** Pieces of `reasoning_details` of the thought that is open. */
  details: JsonObject[];
  /** The length of what was said so far. */
  said: number;
  /** The words of a refusal so far. */
  refusal: string;
  /** The last list of sources that came beside the choices. */
  sources: JsonObject | undefined;
}

/** Begins an answer. */
export function startDecoding(emit: Emit<CanonicalEvent>, context: AnswerContext): DecodeState {
  const blocks = createOneBlock(emit);
  return {
    emit,
    context,
    blocks,
    calls: startCalls(blocks, context),
    audio: { data: [] },
    started: false,
    hasContent: false,
    ended: false,
    finishWord: undefined,
    stopReason: undefined,
    usage: undefined,
    details: [],
    said: 0,
    refusal: '',
    sources: undefined,
  };
}
