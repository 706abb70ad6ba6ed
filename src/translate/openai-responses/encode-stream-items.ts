import type { JsonObject } from '../../base/json.ts';
import type { Citation } from '../canonical/citation.ts';
import { writeStreamedLogprobs } from '../openai-logprobs.ts';
import { writeAnnotation } from './citations.ts';
import { deltaFrame, type EncodeState, type OpenItem, send, sendDelta } from './encode-state.ts';
import {
  type CallHead,
  callItem,
  finalInput,
  isToolSearch,
  itemId,
  lastCallStatus,
  messageItem,
  rawReasoningItem,
  reasoningItem,
  saidPart,
  sealItem,
  searchItem,
} from './output-items.ts';
import type { WireImageItem, WireItemStatus } from './wire.ts';

/** Announces the message or thought whose first text has come. */
export function openText(state: EncodeState, kind: TextKind): OpenItem {
  const item = OPENERS[kind](state, kind);
  state.open = item;
  return item;
}

/** Names the sources that were told before the first words of their message. */
export function addCitationsAhead(state: EncodeState): void {
  const ahead = state.citationsAhead ?? [];
  state.citationsAhead = undefined;
  for (const citation of ahead) addCitation(state, citation);
}

type TextKind = NonNullable<EncodeState['begun']>;

const OPENERS: Readonly<Record<TextKind, (state: EncodeState, kind: OpenItem['kind']) => OpenItem>> = {
  message: openMessage,
  refusal: openMessage,
  reasoning: openReasoning,
  'raw-reasoning': openRawReasoning,
};

function openMessage(state: EncodeState, kind: OpenItem['kind']): OpenItem {
  const index = state.output.length;
  const id = itemId('msg_', state.context, index);
  const isRefusal = kind === 'refusal';
  announce(state, index, { id, type: 'message', status: 'in_progress', role: 'assistant', content: [] });
  const place = `${placeOf(id, index)},"content_index":0`;
  send(state, 'response.content_part.added', `${place},"part":${JSON.stringify(saidPart('', isRefusal))}`);
  const delta = isRefusal
    ? deltaFrame('response.refusal.delta', place)
    : deltaFrame('response.output_text.delta', place, ',"logprobs":[]');
  return { kind, id, index, delta, text: '' };
}

function openReasoning(state: EncodeState): OpenItem {
  const index = state.output.length;
  const id = itemId('rs_', state.context, index);
  announce(state, index, { id, type: 'reasoning', summary: [] });
  const place = `${placeOf(id, index)},"summary_index":0`;
  send(state, 'response.reasoning_summary_part.added', `${place},"part":{"type":"summary_text","text":""}`);
  return { kind: 'reasoning', id, index, delta: deltaFrame('response.reasoning_summary_text.delta', place), text: '' };
}

/** Thoughts as they are stand in the content of their item, where a summary would stand beside them. */
function openRawReasoning(state: EncodeState): OpenItem {
  const index = state.output.length;
  const id = itemId('rs_', state.context, index);
  announce(state, index, { id, type: 'reasoning', summary: [], content: [] });
  const place = `${placeOf(id, index)},"content_index":0`;
  send(state, 'response.content_part.added', `${place},"part":{"type":"reasoning_text","text":""}`);
  return { kind: 'raw-reasoning', id, index, delta: deltaFrame('response.reasoning_text.delta', place), text: '' };
}

/** Names a source of the text that is being told, once there is one. */
export function addCitation(state: EncodeState, citation: Citation): void {
  const item = state.open;
  if (item === undefined && state.begun === 'message') {
    state.citationsAhead ??= [];
    state.citationsAhead.push(citation);
  }
  if (item?.kind !== 'message') return;
  const place = `${placeOf(item.id, item.index)},"content_index":0`;
  item.annotations ??= [];
  for (const annotation of writeAnnotation(citation, state.textStart)) {
    const at = item.annotations.push(annotation) - 1;
    const members = `${place},"annotation_index":${at},"annotation":${JSON.stringify(annotation)}`;
    send(state, 'response.output_text.annotation.added', members);
  }
}

/** Announces a call. */
export function openCall(state: EncodeState, call: CallHead): void {
  if (isToolSearch(call, state.context)) {
    openSearch(state, call);
    return;
  }
  const index = state.output.length;
  const isCustom = call.kind === 'custom';
  const id = itemId(isCustom ? 'ctc_' : 'fc_', state.context, index);
  announce(state, index, callItem(id, call, '', 'in_progress'));
  const event = isCustom ? 'response.custom_tool_call_input.delta' : 'response.function_call_arguments.delta';
  state.open = { kind: 'call', id, index, delta: deltaFrame(event, placeOf(id, index)), call, text: '' };
}

/** A search is told without pieces. */
function openSearch(state: EncodeState, call: CallHead): void {
  const index = state.output.length;
  const id = itemId('tsc_', state.context, index);
  announce(state, index, searchItem(id, call, '', 'in_progress'));
  state.open = { kind: 'search', id, index, call, text: '' };
}

/** Sends an item that comes in one piece. */
export function sendWhole(state: EncodeState, item: JsonObject): void {
  announce(state, state.output.length, item);
  complete(state, item);
}

/** Sends a picture, with the steps of its making: clients wait for them. https://platform.openai.com/docs/api-reference/responses-streaming */
export function sendImage(state: EncodeState, item: WireImageItem): void {
  const { id, type } = item;
  const index = state.output.length;
  announce(state, index, { id, type, status: 'in_progress' });
  for (const step of ['in_progress', 'generating', 'completed']) {
    send(state, `response.image_generation_call.${step}`, placeOf(id, index));
  }
  complete(state, item);
}

/** Sends a reasoning item that only carries a seal. */
export function sendSeal(state: EncodeState, sealed: string): void {
  sendWhole(state, sealItem(sealed, state.context, state.output.length));
}

/**
 * Closes the open item. This waits until something else happens, since only then it is known whether the item is whole: a client
 * may run a call as soon as it is closed.
 */
export function closeOpen(state: EncodeState, status: WireItemStatus): void {
  const { open, sealAfter } = state;
  state.open = undefined;
  state.begun = undefined;
  state.citationsAhead = undefined;
  state.sealAfter = undefined;
  if (open !== undefined) CLOSERS[open.kind](state, open, { status, sealed: sealAfter });
  if (sealAfter !== undefined && open?.kind !== 'reasoning' && open?.kind !== 'raw-reasoning')
    sendSeal(state, sealAfter);
}

interface Close {
  readonly status: WireItemStatus;
  readonly sealed: string | undefined;
}

const CLOSERS: Readonly<Record<OpenItem['kind'], (state: EncodeState, item: OpenItem, close: Close) => void>> = {
  message: closeMessage,
  refusal: closeMessage,
  reasoning: closeReasoning,
  'raw-reasoning': closeRawReasoning,
  call: closeCall,
  search: closeSearch,
};

function closeMessage(state: EncodeState, item: OpenItem, { status }: Close): void {
  const isRefusal = item.kind === 'refusal';
  const part = saidPart(item.text, isRefusal, { tokens: item.logprobs, annotations: item.annotations });
  const place = `${placeOf(item.id, item.index)},"content_index":0`;
  const text = JSON.stringify(item.text);
  if (isRefusal) send(state, 'response.refusal.done', `${place},"refusal":${text}`);
  else
    send(
      state,
      'response.output_text.done',
      `${place},"text":${text},"logprobs":${JSON.stringify(writeStreamedLogprobs(item.logprobs ?? []))}`,
    );
  send(state, 'response.content_part.done', `${place},"part":${JSON.stringify(part)}`);
  complete(state, messageItem(item.id, status, part));
}

function closeReasoning(state: EncodeState, item: OpenItem, { sealed }: Close): void {
  const place = `${placeOf(item.id, item.index)},"summary_index":0`;
  const text = JSON.stringify(item.text);
  send(state, 'response.reasoning_summary_text.done', `${place},"text":${text}`);
  send(state, 'response.reasoning_summary_part.done', `${place},"part":{"type":"summary_text","text":${text}}`);
  complete(state, reasoningItem(item.id, item.text, sealed));
}

function closeRawReasoning(state: EncodeState, item: OpenItem, { sealed }: Close): void {
  const place = `${placeOf(item.id, item.index)},"content_index":0`;
  const text = JSON.stringify(item.text);
  send(state, 'response.reasoning_text.done', `${place},"text":${text}`);
  send(state, 'response.content_part.done', `${place},"part":{"type":"reasoning_text","text":${text}}`);
  complete(state, rawReasoningItem(item.id, item.text, sealed));
}

function closeCall(state: EncodeState, item: OpenItem, { status }: Close): void {
  const call = item.call!;
  const input = finalInput(call.kind, item.text);
  if (input !== item.text) sendDelta(state, item, input);
  const place = placeOf(item.id, item.index);
  const text = JSON.stringify(input);
  if (call.kind === 'custom') send(state, 'response.custom_tool_call_input.done', `${place},"input":${text}`);
  else send(state, 'response.function_call_arguments.done', `${place},"arguments":${text}`);
  complete(state, callItem(item.id, call, input, lastCallStatus(call, input, status)));
}

function closeSearch(state: EncodeState, item: OpenItem, { status }: Close): void {
  const call = item.call!;
  complete(state, searchItem(item.id, call, item.text, lastCallStatus(call, item.text || '{}', status)));
}

function announce(state: EncodeState, index: number, item: JsonObject): void {
  send(state, 'response.output_item.added', `"output_index":${index},"item":${JSON.stringify(item)}`);
}

function complete(state: EncodeState, item: JsonObject): void {
  const text = JSON.stringify(item);
  send(state, 'response.output_item.done', `"output_index":${state.output.length},"item":${text}`);
  state.output.push(text);
}

function placeOf(id: string, index: number): string {
  return `"item_id":"${id}","output_index":${index}`;
}
