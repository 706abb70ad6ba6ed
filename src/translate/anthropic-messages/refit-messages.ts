import { asArray, asObject, asObjects, asString, isObject, type Json, type JsonObject } from '../../base/json.ts';
import type { BodyView } from '../dialect.ts';
import type { Edit } from '../edit-body.ts';
import { approximated, type Loss } from '../loss.ts';
import type { ClaudeModel } from '../models/claude.ts';

/** Blocks of a turn that was begun for the model to go on with; with any other the turn waits for its server's tools. */
const BEGUN_BLOCKS = new Set<unknown>(['text', 'thinking', 'redacted_thinking']);

/**
 * Puts turns of role `system` into user turns, and asks for the rest of a begun answer, where the model takes neither. Each
 * message becomes one message, so that a longer history begins with the same bytes; the API itself joins turns of one role.
 */
export function refitMessages(refit: {
  readonly body: BodyView;
  readonly model: ClaudeModel;
  readonly edits: Map<string, Edit>;
  readonly losses: Loss[];
}): void {
  const { body, model, edits, losses } = refit;
  if (model.midSystem && model.prefill) return;
  const messages = asArray(body.field('messages'));
  const replaced = model.midSystem ? new Map<number, Json>() : replaceSystem(messages);
  const continues = !model.prefill && isBegun(messages.findLast((message) => !isSystem(message)));
  if (continues) losses.push(approximated('prefill', 'The target cannot continue a begun answer; it is asked to.'));
  const added = continues ? [{ role: 'user', content: 'Continue.' }] : [];
  if (replaced.size > 0 || added.length > 0) edits.set('messages', { type: 'elements', replaced, added });
}

function replaceSystem(messages: readonly Json[]): Map<number, Json> {
  const replaced = new Map<number, Json>();
  for (const [at, message] of messages.entries()) {
    if (isSystem(message)) replaced.set(at, sayAsUser(message));
  }
  return replaced;
}

function isSystem(message: Json): message is JsonObject {
  return isObject(message) && message.role === 'system';
}

function sayAsUser({ content }: JsonObject): JsonObject {
  const blocks = asObjects(content);
  const text = asString(content) ?? blocks.map((block) => asString(block.text) ?? '').join('\n\n');
  const mark = blocks.find((block) => asObject(block.cache_control) !== undefined)?.cache_control;
  const block = {
    type: 'text',
    text: `<system>${text}</system>`,
    ...(mark === undefined ? {} : { cache_control: mark }),
  };
  return { role: 'user', content: [block] };
}

function isBegun(message: Json | undefined): boolean {
  if (!isObject(message) || message.role !== 'assistant') return false;
  return typeof message.content === 'string' || asObjects(message.content).every(({ type }) => BEGUN_BLOCKS.has(type));
}
