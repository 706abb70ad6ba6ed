import type { CanonicalEvent } from './canonical/event.ts';
import type { Emit, Transducer } from './stream/transducer.ts';

/** A text of a stream, part of which is held back until it is known what it is. */
export interface HeldText<Mode extends string> {
  readonly emit: Emit<CanonicalEvent>;
  /** `start`: nothing is known yet; `plain`: it passes as it is. */
  mode: 'start' | 'plain' | Mode;
  held: string;
}

/** What is done to each text of a stream. */
export interface TextEdit<Mode extends string> {
  /** Takes the next piece of a text that is not plain. */
  take(text: HeldText<Mode>, piece: string): void;
  /** Tells what is left of a text; called at any end, so also when nothing is. */
  end(text: HeldText<Mode>): void;
}

/** Events that stand beside a text and do not end it. */
const BESIDE: ReadonlySet<CanonicalEvent['type']> = new Set(['text-delta', 'citation', 'logprobs', 'loss']);

/** Edits the texts of a stream; refusals pass as they are. */
export function editTexts<Mode extends string>(edit: TextEdit<Mode>): Transducer<CanonicalEvent, CanonicalEvent> {
  return (emit) => {
    const text: HeldText<Mode> = { emit, mode: 'start', held: '' };
    return {
      push: (event) => {
        if (event.type === 'text-delta' && text.mode !== 'plain') edit.take(text, event.text);
        else {
          if (!BESIDE.has(event.type)) edit.end(text);
          if (event.type === 'text-start') text.mode = event.refusal === true ? 'plain' : 'start';
          emit(event);
        }
      },
      finish: () => edit.end(text),
    };
  };
}

/** Tells so many characters of what is held. */
export function tellHeld<Mode extends string>(text: HeldText<Mode>, length: number): void {
  const told = text.held.slice(0, length);
  text.held = text.held.slice(length);
  if (told !== '') text.emit({ type: 'text-delta', text: told });
}
