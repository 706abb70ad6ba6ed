import { asObject, asString, tryParseJson } from '../../base/json.ts';
import type { CanonicalEvent } from '../canonical/event.ts';
import type { AssistantPart } from '../canonical/request.ts';
import type { Emit } from '../stream/transducer.ts';

/** A text of the form `{"value": choice}` as the choice itself; anything else as it is. */
export function unwrapChoice(part: AssistantPart): AssistantPart {
  return part.type === 'text' ? { ...part, text: valueIn(part.text) } : part;
}

function valueIn(text: string): string {
  return asString(asObject(tryParseJson(text))?.value) ?? text;
}

/** The same for a stream: a text is held until it is whole, which a choice soon is. */
export function unwrapChoices(emit: Emit<CanonicalEvent>): Emit<CanonicalEvent> {
  let held = '';
  return (event) => {
    if (event.type === 'text-delta') {
      held += event.text;
      return;
    }
    if (held !== '') emit({ type: 'text-delta', text: valueIn(held) });
    held = '';
    emit(event);
  };
}
