import { mintId } from '../../base/id.ts';
import { asObject, type JsonObject, tryParseJson } from '../../base/json.ts';
import type { AssistantPart, MediaPart, ToolCallPart } from '../canonical/request.ts';
import type { TokenLogprob } from '../canonical/token-logprob.ts';
import type { AnswerContext } from '../dialect.ts';
import { writeLogprobs } from '../openai-logprobs.ts';
import { type Seal, writeSeal } from '../seal.ts';
import { joinTexts, writeAnnotation } from './citations.ts';
import { itemOfOpaque } from './server-tools.ts';
import {
  DIALECT,
  TOOL_SEARCH,
  type WireCustomCallItem,
  type WireFunctionCallItem,
  type WireImageItem,
  type WireItemStatus,
  type WireMessageItem,
  type WireOutputText,
  type WireReasoningItem,
  type WireRefusal,
  type WireToolSearchItem,
} from './wire.ts';

const ID_LENGTH = 48;

/** The id of the response object. */
export function responseId(context: AnswerContext): string {
  return mintId('resp_', `${context.exchangeId}:response`, ID_LENGTH);
}

/** The id of the item at `index`; every kind has its prefix. */
export function itemId(
  prefix: 'msg_' | 'rs_' | 'fc_' | 'ctc_' | 'tsc_' | 'ig_' | 'ws_',
  context: AnswerContext,
  index: number,
): string {
  return mintId(prefix, `${context.exchangeId}:item:${index}`, ID_LENGTH);
}

/** What stands beside the words of a part. */
export interface Beside {
  readonly tokens?: readonly TokenLogprob[] | undefined;
  readonly annotations?: readonly JsonObject[] | undefined;
}

/** A part of a message: what is said with the sources it names, or the words of a refusal. */
export function saidPart(text: string, isRefusal: boolean, beside: Beside = {}): WireOutputText | WireRefusal {
  if (isRefusal) return { type: 'refusal', refusal: text };
  const { tokens = [], annotations = [] } = beside;
  // the client libraries demand both lists
  return { type: 'output_text', annotations, logprobs: tokens.length === 0 ? [] : writeLogprobs(tokens), text };
}

/** A message item of one part. */
export function messageItem(id: string, status: WireItemStatus, part: WireOutputText | WireRefusal): WireMessageItem {
  return { id, type: 'message', status, role: 'assistant', content: [part] };
}

/** A reasoning item: its text is one summary part, its seal the encrypted content. */
export function reasoningItem(id: string, text: string, sealed: string | undefined): WireReasoningItem {
  return {
    id,
    type: 'reasoning',
    summary: text === '' ? [] : [{ type: 'summary_text', text }],
    ...(sealed === undefined ? {} : { encrypted_content: sealed }),
  };
}

/** A reasoning item with the thoughts themselves. */
export function rawReasoningItem(id: string, text: string, sealed: string | undefined): WireReasoningItem {
  return { ...reasoningItem(id, '', sealed), content: [{ type: 'reasoning_text', text }] };
}

/** The text that carries a seal; for one that was on a call or a text it says so. */
export function carrySeal(seal: Seal, attach?: 'call' | 'text'): string {
  return writeSeal(attach === undefined ? seal : { ...seal, attach }, DIALECT);
}

/** What a call is, but for its arguments. */
export type CallHead = Omit<ToolCallPart, 'type' | 'arguments'>;

/** A call item. An id that its upstream left empty is replaced. */
export function callItem(
  id: string,
  call: CallHead,
  input: string,
  status: WireItemStatus,
): WireFunctionCallItem | WireCustomCallItem {
  const namespace = call.namespace === undefined ? {} : { namespace: call.namespace };
  const head = { id, status, call_id: call.callId, name: call.name, ...namespace };
  return call.kind === 'custom'
    ? { type: 'custom_tool_call', ...head, input }
    : { type: 'function_call', ...head, arguments: input };
}

/** Whether a call is the client's search among its own tools, which has items of its own. */
export function isToolSearch(call: CallHead, context: AnswerContext): boolean {
  if (call.name !== TOOL_SEARCH || call.namespace !== undefined) return false;
  return context.request.tools.some((tool) => tool.kind === 'function' && tool.searchesTools === true);
}

/** The item of a search for tools; its arguments are an object and no text. */
export function searchItem(id: string, call: CallHead, input: string, status: WireItemStatus): WireToolSearchItem {
  const args = asObject(tryParseJson(input)) ?? {};
  return { id, type: 'tool_search_call', status, execution: 'client', call_id: call.callId, arguments: args };
}

/** The status of the last item of an answer: only a call that is whole all the same counts as completed. */
export function lastCallStatus(call: CallHead, input: string, status: WireItemStatus): WireItemStatus {
  const isWhole = call.kind === 'function' && tryParseJson(input) !== undefined;
  return isWhole ? 'completed' : status;
}

/** The item of a picture; `undefined` for media that have no item here. */
export function imageItem(part: MediaPart, context: AnswerContext, index: number): WireImageItem | undefined {
  const { source } = part;
  if (part.kind !== 'image' || source.type !== 'base64') return undefined;
  const format = source.mimeType.slice('image/'.length);
  return {
    id: itemId('ig_', context, index),
    type: 'image_generation_call',
    status: 'completed',
    result: source.data,
    ...(IMAGE_FORMATS.has(format) ? { output_format: format } : {}),
  };
}

/** The words that stand for media without an item: their link, or what they are. */
export function wordsFor({ kind, source }: MediaPart): string {
  if (source.type === 'url') return source.url;
  return source.type === 'text' ? source.text : `[${kind}]`;
}

const IMAGE_FORMATS: ReadonlySet<string> = new Set(['png', 'webp', 'jpeg', 'gif']);

/** What decides how the items of an answer are written. */
export interface OutputScope {
  readonly context: AnswerContext;
  /** The status of the last item when nothing closed it. */
  readonly lastStatus: WireItemStatus;
  /** False: the words of a refusal are plain text, for a client that passes over refusals. */
  readonly refusals: boolean;
}

/** The items of a whole answer; the same as its stream would have told. */
export function encodeOutput(parts: readonly AssistantPart[], scope: OutputScope): readonly JsonObject[] {
  const items: JsonObject[] = [];
  joinTexts(parts, scope.refusals).forEach((part, at, joined) => {
    addPart(items, part, at === joined.length - 1 ? scope : { ...scope, lastStatus: 'completed' });
  });
  return items;
}

function addPart(items: JsonObject[], part: AssistantPart, scope: OutputScope): void {
  const { context, lastStatus } = scope;
  const at = items.length;
  switch (part.type) {
    case 'text': {
      const annotations = (part.citations ?? []).flatMap((citation) => writeAnnotation(citation, 0));
      const said = saidPart(part.text, part.refusal === true && scope.refusals, { tokens: part.logprobs, annotations });
      if (part.text !== '') items.push(messageItem(itemId('msg_', context, at), lastStatus, said));
      if (part.seal !== undefined) items.push(sealItem(carrySeal(part.seal, 'text'), context, items.length));
      return;
    }
    case 'reasoning': {
      const sealed = part.seal === undefined ? undefined : carrySeal(part.seal);
      if (part.text !== '' || sealed !== undefined) {
        const write = part.raw && part.text !== '' ? rawReasoningItem : reasoningItem;
        items.push(write(itemId('rs_', context, at), part.text, sealed));
      }
      return;
    }
    case 'tool-call':
      if (part.seal !== undefined) items.push(sealItem(carrySeal(part.seal, 'call'), context, at));
      items.push(wholeCall(part, scope, items.length));
      return;
    case 'media': {
      const words = saidPart(wordsFor(part), false);
      items.push(imageItem(part, context, at) ?? messageItem(itemId('msg_', context, at), lastStatus, words));
      return;
    }
    case 'opaque':
      items.push(...[itemOfOpaque(part, () => itemId('ws_', context, at))].filter((item) => item !== undefined));
      return;
    default:
      part satisfies never;
  }
}

/** A reasoning item without words, which carries a seal that was not on a thought. */
export function sealItem(sealed: string, context: AnswerContext, index: number): WireReasoningItem {
  return reasoningItem(itemId('rs_', context, index), '', sealed);
}

function wholeCall(part: ToolCallPart, scope: OutputScope, index: number): JsonObject {
  const input = finalInput(part.kind, part.arguments);
  if (isToolSearch(part, scope.context)) {
    const status = lastCallStatus(part, input, scope.lastStatus);
    return searchItem(itemId('tsc_', scope.context, index), part, input, status);
  }
  const id = itemId(part.kind === 'custom' ? 'ctc_' : 'fc_', scope.context, index);
  return callItem(id, part, input, lastCallStatus(part, input, scope.lastStatus));
}

/** The arguments of a finished call: none at all is an empty object. */
export function finalInput(kind: ToolCallPart['kind'], input: string): string {
  return kind === 'function' && input === '' ? '{}' : input;
}
