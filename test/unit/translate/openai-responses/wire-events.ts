import { decodeAll } from './samples.ts';

/** A wire event. */
export type Event = { readonly type: string; readonly [field: string]: unknown };

/** The first event of every stream. */
export const created: Event = {
  type: 'response.created',
  response: { id: 'resp_1', model: 'gpt-5.4', status: 'in_progress' },
};
/** Announces an item. */
export const added = (index: number, item: object): Event => ({
  type: 'response.output_item.added',
  output_index: index,
  item,
});
/** Ends an item. */
export const done = (index: number, item: object): Event => ({
  type: 'response.output_item.done',
  output_index: index,
  item,
});
/** A piece of a message. */
export const said = (index: number, delta: string, id = `m${index}`): Event => ({
  type: 'response.output_text.delta',
  output_index: index,
  content_index: 0,
  item_id: id,
  delta,
});
/** A piece of a call's arguments. */
export const args = (index: number, delta: string): Event => ({
  type: 'response.function_call_arguments.delta',
  output_index: index,
  delta,
});
/** The last event of an answer that went well. */
export const completed = (response: object = {}): Event => ({
  type: 'response.completed',
  response: { status: 'completed', output: [], ...response },
});
/** A message item. */
export const message = (text: string) => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text }],
});
/** A call item. */
export const call = (more: object = {}) => ({ type: 'function_call', call_id: 'c', name: 'f', arguments: '', ...more });

/** The events but for the start and the end. */
export const inner = (...events: Event[]) => decodeAll([created, ...events, completed()]).slice(1, -1) as unknown;
