import { mintId } from '../../base/id.ts';
import { asObject, asString, type JsonObject } from '../../base/json.ts';
import type { Instruction, Message, UserPart } from '../canonical/request.ts';
import { optionalString, wrongField } from '../request-fields.ts';
import type { ContentPart } from './decode-content.ts';
import { readCacheMark } from './vocabulary.ts';

/** A call of the history that results may refer to. */
export interface KnownCall {
  readonly name: string;
  readonly kind: 'function' | 'custom';
}

/** What is known while the messages are read one by one. */
export interface History {
  readonly system: Instruction[];
  readonly messages: Message[];
  readonly calls: Map<string, KnownCall>;
  /** Ids of calls in the older form, by the name of the function, until their result has come. */
  readonly oldCalls: Map<string, string[]>;
  /** The results of the running row of tool messages: they are one turn. */
  results: UserPart[] | undefined;
  lostInstructions: boolean;
}

/** A history before its first message. */
export function startHistory(): History {
  return {
    system: [],
    messages: [],
    calls: new Map(),
    oldCalls: new Map(),
    results: undefined,
    lostInstructions: false,
  };
}

/** An id for a call that came without one; the same history always gives the same. */
export function mintCallId(history: History, seed: string): string {
  return mintId('call_', `${history.messages.length} ${seed}`, 24);
}

/** A call in the older form, which has no id: notes the id it gets here. */
export function noteOldCall(message: JsonObject, path: string, history: History): { id: string; call: JsonObject } {
  const call = asObject(message.function_call);
  const name = asString(call?.name);
  if (call === undefined || name === undefined) throw wrongField(`${path}.function_call.name`, 'a string');
  const id = mintCallId(history, name);
  history.oldCalls.set(name, [...(history.oldCalls.get(name) ?? []), id]);
  return { id, call };
}

/** The older form pairs by name: a result belongs to the earliest open call of its function. */
export function takeOldCall(name: string, history: History): string {
  return history.oldCalls.get(name)?.shift() ?? mintCallId(history, name);
}

/** The `name` of whoever speaks. */
export function nameOf(message: JsonObject, path: string): { name?: string } {
  const name = optionalString(message, 'name', `${path}.name`);
  return name === undefined ? {} : { name };
}

/** A mark on the message as a whole is one on its last part. */
export function markLast(parts: readonly ContentPart[], message: JsonObject): readonly ContentPart[] {
  const mark = readCacheMark(message);
  const last = parts.at(-1);
  if (mark.cache === undefined || last === undefined || (last.type !== 'text' && last.type !== 'media')) return parts;
  return [...parts.slice(0, -1), { ...last, ...mark }];
}
