import {
  asArray,
  asObject,
  asObjects,
  asString,
  isObject,
  type JsonObject,
  tryParseJson,
} from '../../../src/base/json.ts';
import type { Blame, ReadFrame, StreamReader, Told, ToldUsage } from './told.ts';

type Block = { readonly type: string; readonly name: string; text: string; signature?: string };

interface State {
  readonly blame: Blame;
  readonly blocks: Block[];
  isOpen: boolean;
  usage: JsonObject;
  stage: 'start' | 'blocks' | 'delta' | 'stop' | 'failed';
  finish?: string;
}

type ReadEvent = (state: State, data: JsonObject) => void;

const EVENTS: { readonly [type: string]: ReadEvent | undefined } = {
  message_start: startMessage,
  content_block_start: startBlock,
  content_block_delta: addPiece,
  content_block_stop: stopBlock,
  message_delta: finishMessage,
  message_stop: stopMessage,
  error: (state) => {
    state.stage = 'failed';
  },
  ping: () => {},
};

/** The piece that each kind of block grows by. */
const PIECES: { readonly [type: string]: string | undefined } = {
  text_delta: 'text',
  thinking_delta: 'thinking',
  signature_delta: 'thinking',
  input_json_delta: 'tool_use',
};

/** Reads a stream of events: a start, blocks one after another, a delta with the reason to stop, a stop. */
export function readAnthropicStream(blame: Blame): StreamReader {
  const state: State = { blame, blocks: [], isOpen: false, usage: {}, stage: 'start' };
  return { read: (frame) => readFrame(state, frame), end: () => endStream(state) };
}

function readFrame(state: State, { event, data }: ReadFrame): void {
  const type = asString(data?.type) ?? '';
  if (event === undefined || event !== type) state.blame(`the event ${event} is of type ${type}`);
  if (state.stage === 'stop' || state.stage === 'failed') state.blame('something follows the end');
  const read = EVENTS[type];
  if (read === undefined || data === undefined) state.blame(`an unknown event ${type}`);
  else read(state, data);
}

function startMessage(state: State, data: JsonObject): void {
  const message = asObject(data.message) ?? {};
  if (state.stage !== 'start') state.blame('a second start');
  if (!asString(message.id) || message.role !== 'assistant' || asArray(message.content).length > 0) {
    state.blame('a start without id, role or empty content');
  }
  state.usage = asObject(message.usage) ?? {};
  state.stage = 'blocks';
}

function startBlock(state: State, { index, content_block }: JsonObject): void {
  const block = asObject(content_block) ?? {};
  if (state.stage !== 'blocks' || state.isOpen) state.blame('a block begins where none may');
  if (index !== state.blocks.length) state.blame(`block ${index} at place ${state.blocks.length}`);
  if (block.text || block.thinking || Object.keys(asObject(block.input) ?? {}).length > 0)
    state.blame('a block begins full');
  if (block.type === 'tool_use' && !(asString(block.id) && asString(block.name))) state.blame('a call without a name');
  state.blocks.push({ type: asString(block.type) ?? '', name: asString(block.name) ?? '', text: '' });
  state.isOpen = true;
}

function addPiece(state: State, data: JsonObject): void {
  const delta = asObject(data.delta) ?? {};
  const block = state.blocks.at(-1);
  if (!state.isOpen || block === undefined || data.index !== state.blocks.length - 1) {
    state.blame('a piece of a block that is not open');
    return;
  }
  if (PIECES[asString(delta.type) ?? ''] !== block.type) state.blame(`a ${delta.type} in a ${block.type}`);
  if (block.signature !== undefined) state.blame('a piece after the signature');
  if (delta.type === 'signature_delta') block.signature = asString(delta.signature) ?? '';
  else block.text += asString(delta.text) ?? asString(delta.thinking) ?? asString(delta.partial_json) ?? '';
}

function stopBlock(state: State, data: JsonObject): void {
  if (!state.isOpen || data.index !== state.blocks.length - 1) state.blame('a block ends that is not open');
  state.isOpen = false;
}

function finishMessage(state: State, data: JsonObject): void {
  const { stop_reason: reason, stop_sequence: sequence } = asObject(data.delta) ?? {};
  if (state.stage !== 'blocks' || state.isOpen) state.blame('the reason to stop comes too early, or twice');
  if (asString(reason) === undefined) state.blame('no reason to stop');
  if ((reason === 'stop_sequence') !== (asString(sequence) !== undefined))
    state.blame('a stop sequence without its reason');
  if ((reason === 'tool_use') !== state.blocks.some(({ type }) => type === 'tool_use') && reason !== 'max_tokens') {
    state.blame('the reason to stop does not fit the calls');
  }
  if (asObject(data.usage)?.output_tokens === undefined) state.blame('no count of the output');
  state.usage = { ...state.usage, ...asObject(data.usage) };
  state.finish = asString(reason) ?? '';
  state.stage = 'delta';
}

function stopMessage(state: State): void {
  if (state.stage !== 'delta') state.blame('a stop without a reason');
  state.stage = 'stop';
}

function endStream(state: State): Told {
  if (state.stage !== 'stop' && state.stage !== 'failed') state.blame('no end');
  const textOf = (type: string) => state.blocks.map((block) => (block.type === type ? block.text : '')).join('');
  const calls = state.blocks
    .filter(({ type }) => type === 'tool_use')
    .map(({ name, text }) => ({ name, args: text || '{}' }));
  // a call that was cut off has gone out already
  const isTorn = state.stage === 'failed' || state.finish === 'max_tokens';
  const isWhole = calls.every(({ args }) => isObject(tryParseJson(args)));
  if (!isTorn && !isWhole) state.blame('the input of a call is no object');
  return {
    text: textOf('text'),
    thoughts: textOf('thinking'),
    calls,
    failed: state.stage === 'failed',
    ...(state.finish === undefined ? {} : { finish: state.finish, usage: readUsage(state.usage) }),
  };
}

/** What a whole message tells. */
export function tellMessage(message: JsonObject): Told {
  const blocks = asObjects(message.content);
  const textOf = (field: string) => blocks.map((block) => asString(block[field]) ?? '').join('');
  return {
    text: textOf('text'),
    thoughts: textOf('thinking'),
    calls: blocks
      .filter(({ type }) => type === 'tool_use')
      .map(({ name, input }) => ({ name: asString(name) ?? '', args: JSON.stringify(input) })),
    failed: false,
    finish: asString(message.stop_reason) ?? '',
    usage: readUsage(asObject(message.usage) ?? {}),
  };
}

/** Anthropic counts what came from caches and what went into them beside the input. */
function readUsage(usage: JsonObject): ToldUsage {
  const cached = Number(usage.cache_read_input_tokens ?? 0);
  const written = Number(usage.cache_creation_input_tokens ?? 0);
  return { input: Number(usage.input_tokens) + cached + written, cached, output: Number(usage.output_tokens) };
}
