import { isDeepStrictEqual } from 'node:util';
import { asObject, type Json, type JsonObject, tryParseJson } from '../../src/base/json.ts';
import {
  type Cell,
  makeCell as makeCellFrom,
  type Outcome,
  type Place,
} from '../../src/translate/conformance/make-cell.ts';
import type { Loss } from '../../src/translate/loss.ts';
import { readRecorded } from '../support/scenario-recording.ts';

/** Translates everything there is at a place. */
export function makeCell(place: Place): Cell {
  return makeCellFrom(place, readRecorded);
}

/** A cell as its golden file has it; `undefined` for an empty one. */
export function describeCell(cell: Cell): JsonObject | undefined {
  const described = Object.entries(cell).map(([piece, outcome]): [string, JsonObject] => [piece, describe(outcome)]);
  return described.length === 0 ? undefined : Object.fromEntries(described);
}

function describe(outcome: Outcome): JsonObject {
  if ('refused' in outcome) {
    const { kind, message, detail } = outcome.refused;
    return { refused: { kind, message, ...(detail.param === undefined ? {} : { param: detail.param }) } };
  }
  const said: JsonObject = /^(event|data):/.test(outcome.output)
    ? { frames: framesOf(outcome.output).map(describeFrame).map(shortenRepeat) }
    : { body: tryParseJson(outcome.output) ?? outcome.output };
  return outcome.losses.length === 0 ? said : { losses: outcome.losses.map(describeLoss), ...said };
}

/** The frames of a stream, each as its lines. */
export function framesOf(stream: string): string[] {
  return stream.split('\n\n').slice(0, -1);
}

/** A frame whose event says what its data says as well is its data alone. */
function describeFrame(frame: string): Json {
  const [, event, text] = /^(?:event: (.*)\n)?data: (.*)$/s.exec(frame) ?? [];
  const data = tryParseJson(text ?? '') ?? text ?? frame;
  const isNamed = typeof data === 'object' && data !== null && 'type' in data && data.type === event;
  return event === undefined || isNamed ? data : { event, data };
}

/** The event after the first of the Responses dialect repeats the whole object, which nobody needs to read twice. */
function shortenRepeat(frame: Json, at: number, frames: readonly Json[]): Json {
  const before = asObject(frames[at - 1])?.response;
  const own = asObject(frame)?.response;
  return before === undefined || !isDeepStrictEqual(before, own)
    ? frame
    : { ...asObject(frame), response: 'as before' };
}

function describeLoss({ field, effect, reason }: Loss): string {
  return `${field} ${effect}: ${reason}`;
}
