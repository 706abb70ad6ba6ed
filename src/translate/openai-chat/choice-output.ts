import { asString, isObject, type JsonObject, tryParseJson } from '../../base/json.ts';
import type { CanonicalEvent } from '../canonical/event.ts';
import type { AssistantPart } from '../canonical/request.ts';
import type { Transducer } from '../stream/transducer.ts';

/*
 * An answer that is one of several words. The dialect knows only objects as structured outputs, so the word travels in one and
 * is taken out of it again.
 */

/** The schema of the object that holds the word. */
export function choiceSchema(values: readonly string[]): JsonObject {
  return {
    type: 'object',
    properties: { value: { type: 'string', enum: values } },
    required: ['value'],
    additionalProperties: false,
  };
}

/** The word in the text of an answer; a text of another form is answered as it is. */
export function unwrapChoice(text: string): string {
  const value = tryParseJson(text);
  return (isObject(value) ? asString(value.value) : undefined) ?? text;
}

/** Takes the word out of the texts of a whole answer. */
export function unwrapChoiceIn(parts: readonly AssistantPart[]): readonly AssistantPart[] {
  return parts.map((part) =>
    part.type === 'text' && part.refusal !== true ? { ...part, text: unwrapChoice(part.text) } : part,
  );
}

/** Takes the word out of the texts of a stream; a text is held back until it is whole. */
export const unwrapChoiceEvents: Transducer<CanonicalEvent, CanonicalEvent> = (emit) => {
  let held = '';
  const flush = () => {
    if (held !== '') emit({ type: 'text-delta', text: unwrapChoice(held) });
    held = '';
  };
  return {
    push: (event) => {
      if (event.type === 'text-delta') {
        held += event.text;
        return;
      }
      flush();
      emit(event);
    },
    finish: flush,
  };
};
