import { asObject, asObjects, asString, isObject, type JsonObject, tryParseJson } from '../../../src/base/json.ts';
import type { Blame, CallDraft, ReadFrame, StreamReader, Told, ToldUsage } from './told.ts';

interface State {
  readonly blame: Blame;
  readonly asksUsage: boolean;
  readonly calls: CallDraft[];
  first?: JsonObject;
  hasRole: boolean;
  text: string;
  thoughts: string;
  finish: string | undefined;
  usage: ToldUsage | undefined;
  isDone: boolean;
  failed: boolean;
}

/** Reads a stream of chunks: role first, content, one finish, the usage where it was asked for, `[DONE]`. */
export function readChatStream(blame: Blame, asksUsage: boolean): StreamReader {
  const state: State = {
    blame,
    asksUsage,
    calls: [],
    hasRole: false,
    text: '',
    thoughts: '',
    finish: undefined,
    usage: undefined,
    isDone: false,
    failed: false,
  };
  return { read: (frame) => readFrame(state, frame), end: () => endStream(state) };
}

function readFrame(state: State, { data }: ReadFrame): void {
  if (state.isDone || state.failed) state.blame('something follows the end');
  if (data === undefined) {
    state.isDone = true;
    return;
  }
  if (isObject(data.error)) {
    state.failed = true;
    return;
  }
  checkHead(state, data);
  const [choice, ...others] = asObjects(data.choices);
  if (others.length > 0) state.blame('more than one choice');
  if (choice === undefined) readUsage(state, data);
  else readChoice(state, choice, data);
}

function checkHead(state: State, data: JsonObject): void {
  state.first ??= data;
  for (const field of ['id', 'object', 'created', 'model']) {
    if (data[field] === undefined || data[field] !== state.first[field]) state.blame(`${field} is not the same in all`);
  }
}

function readUsage(state: State, data: JsonObject): void {
  if (!state.asksUsage) state.blame('usage that was not asked for');
  if (state.finish === undefined) state.blame('usage before the finish');
  if (state.usage !== undefined) state.blame('a second usage');
  state.usage = chatUsage(asObject(data.usage));
}

function readChoice(state: State, choice: JsonObject, chunk: JsonObject): void {
  const delta = asObject(choice.delta);
  if (choice.index !== 0 || delta === undefined) state.blame('a choice without index 0 or delta');
  if (chunk.usage !== undefined && chunk.usage !== null) state.blame('usage on a chunk with a choice');
  if (state.finish !== undefined) state.blame('a choice after the finish');
  if (delta !== undefined) readDelta(state, delta);
  if (choice.finish_reason === undefined) state.blame('a choice without finish_reason');
  state.finish = asString(choice.finish_reason);
  if (state.finish !== undefined && Object.keys(delta ?? {}).length > 0) state.blame('content in the finish');
}

function readDelta(state: State, delta: JsonObject): void {
  if (!state.hasRole && delta.role !== 'assistant') state.blame('the first delta has no role');
  if (state.hasRole && delta.role !== undefined) state.blame('a second role');
  state.hasRole = true;
  state.text += (asString(delta.content) ?? '') + (asString(delta.refusal) ?? '');
  state.thoughts += asString(delta.reasoning_content) ?? asString(delta.reasoning) ?? '';
  for (const piece of asObjects(delta.tool_calls)) readCall(state, piece);
}

function readCall(state: State, piece: JsonObject): void {
  const { calls, blame } = state;
  const definition = asObject(piece.function) ?? asObject(piece.custom);
  if (piece.index === calls.length) {
    if (!asString(piece.id) || !asString(piece.type) || !asString(definition?.name))
      blame('a call begins without a name');
    calls.push({ name: asString(definition?.name) ?? '', args: '', custom: piece.type === 'custom' });
  } else if (piece.index !== calls.length - 1) blame(`a piece of call ${piece.index} out of turn`);
  else if (piece.id !== undefined) blame('a call begins twice');
  const call = calls.at(-1);
  if (call !== undefined) call.args += asString(definition?.arguments) ?? asString(definition?.input) ?? '';
}

function endStream(state: State): Told {
  const { blame, failed, finish, calls } = state;
  if (!failed && !state.isDone) blame('no [DONE]');
  if (!failed && finish === undefined) blame('no finish');
  if (!failed && state.asksUsage && state.usage === undefined) blame('no usage');
  if (failed && finish !== undefined) blame('an error after the finish');
  // a call that was cut off has gone out already
  if (!failed && finish !== 'length') checkCalls(calls, blame);
  return tell(state, finish);
}

function checkCalls(calls: readonly CallDraft[], blame: Blame): void {
  for (const { name, args, custom } of calls) {
    if (custom !== true && !isObject(tryParseJson(args))) blame(`the arguments of ${name} are no object`);
  }
}

function tell(state: State, finish: string | undefined): Told {
  return {
    text: state.text,
    thoughts: state.thoughts,
    calls: state.calls.map(({ name, args }) => ({ name, args })),
    failed: state.failed,
    ...(finish === undefined ? {} : { finish }),
    ...(state.usage === undefined ? {} : { usage: state.usage }),
  };
}

/** What a whole answer tells. */
export function tellChat(answer: JsonObject): Told {
  const [choice] = asObjects(answer.choices);
  const message = asObject(choice?.message) ?? {};
  const usage = chatUsage(asObject(answer.usage));
  return {
    text: (asString(message.content) ?? '') + (asString(message.refusal) ?? ''),
    thoughts: asString(message.reasoning_content) ?? asString(message.reasoning) ?? '',
    calls: asObjects(message.tool_calls).map(({ function: called, custom }) => ({
      name: asString(asObject(called ?? custom)?.name) ?? '',
      args: asString(asObject(called)?.arguments) ?? asString(asObject(custom)?.input) ?? '',
    })),
    failed: false,
    ...(asString(choice?.finish_reason) === undefined ? {} : { finish: asString(choice?.finish_reason)! }),
    ...(usage === undefined ? {} : { usage }),
  };
}

/** The counts of chat and legacy completions. */
export function chatUsage(usage: JsonObject | undefined): ToldUsage | undefined {
  if (usage === undefined) return undefined;
  const cached = asObject(usage.prompt_tokens_details)?.cached_tokens;
  return { input: Number(usage.prompt_tokens), cached: Number(cached ?? 0), output: Number(usage.completion_tokens) };
}
