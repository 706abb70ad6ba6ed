import { isDeepStrictEqual } from 'node:util';
import {
  asObject,
  asObjects,
  asString,
  isObject,
  type JsonObject,
  parseJsonObject,
  tryParseJson,
} from '../../src/base/json.ts';
import type { Cell, Outcome, Place } from '../../src/translate/conformance/make-cell.ts';
import type { UpstreamDialect } from '../../src/translate/conformance/scenario.ts';
import { findDisorder } from '../conformance/find-disorder.ts';
import { readClientRequest, readRecording } from '../support/scenario-recording.ts';
import type { Told } from '../support/stream-grammar/told.ts';
import { checkStream, tellWhole } from '../support/stream-grammar.ts';

/** What a cell breaks of the laws that hold in every scenario, whatever its golden file says. */
export function findFaults(place: Place, cell: Cell): string[] {
  const { request, next, whole, stream } = cell;
  return [
    ...label('request', checkRequest(place.upstream, request)),
    ...label('next', checkRequest(place.upstream, next)),
    ...label('stream', checkFrames(place, stream)),
    ...label('whole', checkWhole(place, whole)),
    ...label('whole and stream', compareForms(place, whole, stream)),
  ];
}

function label(piece: string, faults: readonly string[]): string[] {
  return faults.map((fault) => `${piece}: ${fault}`);
}

function outputOf(outcome: Outcome | undefined): string | undefined {
  return outcome === undefined || 'refused' in outcome ? undefined : outcome.output;
}

/** Calls and results pair, turns are in order, and arguments are JSON objects. */
function checkRequest(upstream: UpstreamDialect, outcome: Outcome | undefined): string[] {
  const output = outputOf(outcome);
  if (output === undefined) return [];
  const body = parseJsonObject(output);
  const torn = argumentsIn(upstream, body).filter((text) => !isObject(tryParseJson(text)));
  return [...findDisorder(upstream, body), ...torn.map((text) => `no arguments: ${text}`)];
}

/** The arguments that a request holds as text. */
function argumentsIn(upstream: UpstreamDialect, body: JsonObject): string[] {
  if (upstream === 'openai-responses') {
    return asObjects(body.input).flatMap((item) => (item.type === 'function_call' ? `${item.arguments}` : []));
  }
  if (upstream !== 'openai-chat') return [];
  return asObjects(body.messages)
    .flatMap((message) => asObjects(message.tool_calls))
    .flatMap((call) => asString(asObject(call.function)?.arguments) ?? []);
}

function readStream({ scenario, client }: Place, outcome: Outcome | undefined) {
  const output = outputOf(outcome);
  if (output === undefined) return undefined;
  const request = parseJsonObject(readClientRequest(scenario, client)?.body ?? '{}');
  return checkStream(client, output, { asksUsage: asObject(request.stream_options)?.include_usage === true });
}

function checkFrames(place: Place, outcome: Outcome | undefined): readonly string[] {
  return readStream(place, outcome)?.faults ?? [];
}

/** A whole answer counts what the upstream counted, and says what it said. */
function checkWhole({ scenario, client, upstream }: Place, outcome: Outcome | undefined): string[] {
  const output = outputOf(outcome);
  const recorded = readRecording(scenario, upstream).whole;
  if (output === undefined || recorded === undefined) return [];
  const source = tellWhole(upstream, parseJsonObject(recorded));
  return differences(source, tellWhole(client, parseJsonObject(output)), ['usage']);
}

/** The words for an answer that grew too long. */
const CUT_OFF = ['length', 'max_tokens', 'max_output_tokens', 'MAX_TOKENS'];

/** Two answers with one meaning mean the same, whole or streamed. */
function compareForms(place: Place, whole: Outcome | undefined, stream: Outcome | undefined): string[] {
  const output = outputOf(whole);
  const streamed = readStream(place, stream)?.told;
  if (output === undefined || streamed === undefined) return [];
  // a call that was cut off has gone out already in a stream, and is left out of a whole answer
  const isTorn = CUT_OFF.includes(streamed.finish ?? '');
  const aspects = ['text', 'thoughts', 'finish', ...(isTorn ? [] : ['calls' as const])] as const;
  return differences(tellWhole(place.client, parseJsonObject(output)), streamed, aspects);
}

function differences(a: Told, b: Told, aspects: readonly (keyof Told)[]): string[] {
  return aspects
    .filter((aspect) => a[aspect] !== undefined && b[aspect] !== undefined)
    .filter((aspect) => !isDeepStrictEqual(comparable(a, aspect), comparable(b, aspect)))
    .map((aspect) => `${aspect}: ${JSON.stringify(a[aspect])} against ${JSON.stringify(b[aspect])}`);
}

function comparable(told: Told, aspect: keyof Told): unknown {
  if (aspect === 'calls') return told.calls.map(({ name, args }) => ({ name, args: tryParseJson(args) ?? args }));
  return aspect === 'thoughts' ? told.thoughts.replace(/\s+/g, '') : told[aspect];
}
