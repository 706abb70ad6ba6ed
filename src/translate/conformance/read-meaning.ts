import { isDeepStrictEqual } from 'node:util';
import { parseJsonObject, tryParseJson } from '../../base/json.ts';
import { collect } from '../canonical/collect.ts';
import type { CanonicalEvent } from '../canonical/event.ts';
import { keepEventLaw, settleFinish } from '../canonical/event-law.ts';
import type { CanonicalResponse } from '../canonical/response.ts';
import { DIALECTS } from '../registry.ts';
import { parseSse } from '../stream/sse.ts';
import { chain, runAll, type Transducer } from '../stream/transducer.ts';
import { type AnswerRoute, decodeAnswer, decodeAnswerStream } from '../translate-answer.ts';
import { routeOf, type TranslationJob } from '../translate-text.ts';

/** What an answer means to whoever reads it, whatever its dialect. */
interface Meaning {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly arguments: unknown }[];
  readonly finish: string;
}

/**
 * What a client would read otherwise in a translated answer than the upstream wrote; `undefined` when both mean the same, or
 * when nobody can tell since the client's dialect is only written and never read here. Without an output the client is told an error.
 */
export function findOtherMeaning(job: TranslationJob, output: string | undefined): string | undefined {
  if (DIALECTS[job.to].upstream === undefined) return undefined;
  const route = routeOf(job, 0, job.kind === 'stream');
  const written = readSafely(() => readWritten(route, job));
  const read = output === undefined ? undefined : readSafely(() => readTranslated(route, job, output));
  if (written === undefined) return read === undefined ? undefined : 'the client does not hear of the error';
  if (read === undefined) return 'the client gets an error';
  return compare(written, read);
}

function readWritten(route: AnswerRoute, { kind, body }: TranslationJob): Meaning {
  if (kind === 'response') return meaningOf(decodeAnswer(route, parseJsonObject(body)));
  return meaningOf(collectFrames(decodeAnswerStream(route), body));
}

function readTranslated({ client, context }: AnswerRoute, { kind }: TranslationJob, output: string): Meaning {
  const codec = client.upstream!;
  if (kind === 'response') return meaningOf(codec.decodeResponse(parseJsonObject(output), context));
  return meaningOf(collectFrames(chain(codec.decodeStream(context), keepEventLaw), output));
}

function collectFrames(decode: Transducer<{ data: string }, CanonicalEvent>, text: string): CanonicalResponse {
  return collect(runAll(decode, runAll(parseSse, [new TextEncoder().encode(text)])));
}

/** An answer that is an error has no meaning: both sides throw. */
function readSafely(read: () => Meaning): Meaning | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function meaningOf({ parts, finish }: CanonicalResponse): Meaning {
  const calls = parts.flatMap((part) =>
    part.type === 'tool-call'
      ? [{ name: part.name, arguments: part.arguments === '' ? {} : (tryParseJson(part.arguments) ?? part.arguments) }]
      : [],
  );
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
  return { text, calls, finish: settleFinish(finish, calls.length).reason };
}

function compare(written: Meaning, read: Meaning): string | undefined {
  // dialects tell in their own ways that nothing is said: in words of the service, or as a finish beside the model's words
  if (written.finish === 'content-filter' || read.finish === 'content-filter') return undefined;
  if (written.text !== read.text) return 'the text is another one';
  // the relay goes on with it before a client sees an end; translated by itself it is one, and a loss says so
  const isPaused = written.finish === 'pause' && read.finish === 'stop';
  if (written.finish !== read.finish && !isPaused) return `the answer ends with ${read.finish}, not ${written.finish}`;
  // a call that was cut off is delivered or left out
  if (written.finish !== 'length' && !isDeepStrictEqual(written.calls, read.calls)) return 'the calls are other ones';
  return undefined;
}
