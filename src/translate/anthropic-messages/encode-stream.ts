import { type JsonObject, tryParseJson } from '../../base/json.ts';
import type { Usage } from '../../base/usage.ts';
import type { Citation } from '../canonical/citation.ts';
import type { CanonicalEvent } from '../canonical/event.ts';
import type { OpaquePart } from '../canonical/request.ts';
import { escapeInput, INPUT_CLOSE, INPUT_OPEN } from '../custom-input.ts';
import type { AnswerContext } from '../dialect.ts';
import type { Seal } from '../seal.ts';
import type { SseFrame } from '../stream/sse.ts';
import type { Emit, Transducer } from '../stream/transducer.ts';
import { carriesCitation } from './citations.ts';
import { messageIdOf } from './encode-response.ts';
import { attachedSignature, isOwnRedacted, signatureOf, type ThoughtsShown, thoughtsFor } from './encode-thought.ts';
import { errorFrame } from './errors.ts';
import { mediaNote } from './media-note.ts';
import { encodeFinish, encodeUsage } from './vocabulary.ts';

interface State {
  readonly context: AnswerContext;
  readonly emit: Emit<SseFrame>;
  readonly shown: ThoughtsShown;
  /** The index of the next block. */
  index: number;
  /**
   * `ready`: announced, and written once it has something to say. `half`: a call that ended without whole arguments; a client must
   * not see its end if the stream breaks here.
   */
  block: 'none' | 'text-ready' | 'thought-ready' | 'open' | 'half';
  /** The arguments of the open call. */
  args: string;
  /** True while the open call is of a custom tool, whose input travels as its one argument. */
  isCustomCall: boolean;
  /**
   * The seal of the last text. It is written before the next block and left out at the end: a client that takes the last block for
   * the answer would show nothing (Claude Code does), and no vendor demands it back.
   */
  textSeal: Seal | undefined;
  /** What stands before and after the text of a delta of the open block. */
  deltaHead: string;
  hasCalls: boolean;
  /** True when a text was announced that stayed empty. */
  hasEmptyText: boolean;
}

const DELTA_TAIL = '}}';
const STOP: SseFrame = { event: 'message_stop', data: '{"type":"message_stop"}' };

/**
 * Encodes a stream for a client: named events, blocks one after another with indices from 0. A delta is the constant head of its
 * block around the escaped text.
 */
export function encodeStream(context: AnswerContext): Transducer<CanonicalEvent, SseFrame> {
  return (emit) => {
    const state: State = {
      context,
      emit,
      shown: thoughtsFor(context),
      index: 0,
      block: 'none',
      args: '',
      isCustomCall: false,
      textSeal: undefined,
      deltaHead: '',
      hasCalls: false,
      hasEmptyText: false,
    };
    return {
      push: (event) => {
        if (state.block === 'half' && event.type !== 'stream-error') closeBlock(state);
        encodeEvent(state, event);
      },
      finish: () => {},
    };
  };
}

function encodeEvent(state: State, event: CanonicalEvent): void {
  switch (event.type) {
    case 'text-delta':
      if (state.block === 'text-ready') openText(state);
      writeDelta(state, event.text);
      return;
    case 'reasoning-delta':
      if (state.shown !== 'all') return;
      if (state.block === 'thought-ready') openThought(state);
      writeDelta(state, event.text);
      return;
    case 'citation':
      writeCitation(state, event.citation);
      return;
    case 'tool-call-delta':
      writeArguments(state, state.isCustomCall ? escapeInput(event.text) : event.text);
      return;
    case 'message-start':
      writeStart(state, event.usage);
      return;
    case 'text-start':
      state.block = 'text-ready';
      return;
    case 'text-end':
      endText(state, event.seal);
      return;
    case 'reasoning-start':
      state.block = 'thought-ready';
      return;
    case 'reasoning-end':
      endThought(state, event.seal);
      return;
    case 'tool-call-start':
      startCall(state, event);
      return;
    case 'tool-call-end':
      if (state.isCustomCall) writeArguments(state, INPUT_CLOSE);
      if (tryParseJson(state.args) === undefined) state.block = 'half';
      else closeBlock(state);
      return;
    case 'media':
      openText(state);
      writeDelta(state, mediaNote(event.part));
      closeBlock(state);
      return;
    case 'opaque':
      writeOpaque(state, event.part);
      return;
    case 'loss':
    case 'logprobs':
      return;
    case 'message-end':
      writeEnd(state, event);
      return;
    case 'stream-error':
      state.emit(errorFrame(event.error));
      return;
    default:
      event satisfies never;
  }
}

function write(state: State, type: string, fields: JsonObject): void {
  state.emit({ event: type, data: JSON.stringify({ type, ...fields }) });
}

function writeStart(state: State, usage: Usage | undefined): void {
  write(state, 'message_start', {
    message: {
      id: messageIdOf(state.context),
      type: 'message',
      role: 'assistant',
      model: state.context.request.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: encodeUsage(startUsage(state.context, usage)),
    },
  });
}

/** Clients show the first figures until the last ones come, so an upstream that counts at the end is estimated. */
function startUsage({ estimateInput }: AnswerContext, usage: Usage | undefined): Usage | undefined {
  if (usage?.input !== undefined || estimateInput === undefined) return usage;
  return { ...usage, input: estimateInput() };
}

/** Opens a block. `deltaType` and `deltaField` name what its deltas are. */
function openBlock(state: State, block: JsonObject, deltaType: string, deltaField: string): void {
  const { textSeal } = state;
  if (textSeal !== undefined) {
    state.textSeal = undefined;
    writeSealBlock(state, attachedSignature(textSeal, 'text'));
  }
  const { index } = state;
  write(state, 'content_block_start', { index, content_block: block });
  state.block = 'open';
  state.deltaHead = `{"type":"content_block_delta","index":${index},"delta":{"type":"${deltaType}","${deltaField}":`;
}

function openText(state: State): void {
  openBlock(state, { type: 'text', text: '' }, 'text_delta', 'text');
}

function openThought(state: State): void {
  openBlock(state, { type: 'thinking', thinking: '', signature: '' }, 'thinking_delta', 'thinking');
}

function writeDelta(state: State, text: string): void {
  if (state.block !== 'open') return;
  state.emit({ event: 'content_block_delta', data: state.deltaHead + JSON.stringify(text) + DELTA_TAIL });
}

function writeCitation(state: State, citation: Citation): void {
  if (state.block !== 'open' || !carriesCitation(citation)) return;
  write(state, 'content_block_delta', {
    index: state.index,
    delta: { type: 'citations_delta', citation: citation.own!.raw },
  });
}

function closeBlock(state: State): void {
  if (state.block === 'open' || state.block === 'half') {
    state.emit({ event: 'content_block_stop', data: `{"type":"content_block_stop","index":${state.index}}` });
    state.index++;
  }
  state.block = 'none';
}

function endText(state: State, seal: Seal | undefined): void {
  if (state.block === 'text-ready') state.hasEmptyText = true;
  closeBlock(state);
  state.textSeal = seal;
}

function endThought(state: State, seal: Seal | undefined): void {
  if (state.block === 'open') {
    closeThought(state, signatureOf(seal));
    return;
  }
  state.block = 'none';
  if (seal === undefined || state.shown === 'none') return;
  if (isOwnRedacted(seal)) {
    openBlock(state, { type: 'redacted_thinking', data: seal.value }, '', '');
    closeBlock(state);
  } else writeSealBlock(state, signatureOf(seal));
}

/** A thinking block without text, that carries a seal through the client. */
function writeSealBlock(state: State, signature: string): void {
  if (state.shown === 'none') return;
  openThought(state);
  closeThought(state, signature);
}

function closeThought(state: State, signature: string): void {
  write(state, 'content_block_delta', { index: state.index, delta: { type: 'signature_delta', signature } });
  closeBlock(state);
}

function startCall(state: State, call: CanonicalEvent & { type: 'tool-call-start' }): void {
  if (call.seal !== undefined) writeSealBlock(state, attachedSignature(call.seal, 'call'));
  state.hasCalls = true;
  state.args = '';
  openBlock(
    state,
    { type: 'tool_use', id: call.callId, name: call.name, input: {} },
    'input_json_delta',
    'partial_json',
  );
  state.isCustomCall = call.kind === 'custom';
  if (state.isCustomCall) writeArguments(state, INPUT_OPEN);
}

function writeArguments(state: State, text: string): void {
  state.args += text;
  writeDelta(state, text);
}

/** A block of the vendor's own tools; clients read the input of a call from its deltas only. */
function writeOpaque(state: State, { dialect, raw }: OpaquePart): void {
  if (dialect !== 'anthropic-messages') return;
  const isCall = typeof raw.type === 'string' && raw.type.endsWith('_tool_use');
  openBlock(state, isCall ? { ...raw, input: {} } : raw, 'input_json_delta', 'partial_json');
  if (isCall && raw.input !== undefined) writeDelta(state, JSON.stringify(raw.input));
  closeBlock(state);
}

/** An answer of nothing but an empty text keeps that text, since some clients wait for a block. */
function writeEnd(state: State, { finish, usage }: CanonicalEvent & { type: 'message-end' }): void {
  if (state.index === 0 && state.hasEmptyText) {
    openText(state);
    closeBlock(state);
  }
  write(state, 'message_delta', { delta: encodeFinish(finish, state.hasCalls), usage: encodeUsage(usage) });
  state.emit(STOP);
}
