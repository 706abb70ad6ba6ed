import type { DialectId } from '../../src/translate/dialect-id.ts';
import { parseSse, writeSse } from '../../src/translate/stream/sse.ts';
import { chain, runAll } from '../../src/translate/stream/transducer.ts';
import { translateAnswerStream } from '../../src/translate/translate-answer.ts';
import { routeOf, translateText } from '../../src/translate/translate-text.ts';
import type { Told } from './stream-grammar/told.ts';
import { checkStream } from './stream-grammar.ts';

/** What a client is told by a stream, and in which ways its dialect is broken by it. */
export interface ReadStream extends Told {
  readonly faults: readonly string[];
}

const WITH_USAGE = {
  model: 'm',
  messages: [{ role: 'user', content: 'x' }],
  stream: true,
  stream_options: { include_usage: true },
};
const CLIENTS: readonly DialectId[] = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'];

/** The dialects of clients to which a stream of an upstream is translated. */
export function clientsOf(upstream: DialectId): readonly DialectId[] {
  return CLIENTS.filter((client) => client !== upstream);
}

/** A stream as text, without event names. */
export function writeFrames(events: readonly object[]): string {
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
}

/** Reads what a client of `to` gets of an upstream's stream. `request`: what it asked; else that figures are told. */
export function readTranslated(from: DialectId, to: DialectId, body: string, request?: object): ReadStream {
  const asked = request ?? (to === 'openai-chat' ? WITH_USAGE : undefined);
  const { output } = translateText(
    { kind: 'stream', from, to, body, ...(asked === undefined ? {} : { request: JSON.stringify(asked) }) },
    0,
  );
  const { faults, told } = checkStream(to, output, { asksUsage: asked === WITH_USAGE });
  return { ...told, faults };
}

/** What a client is told when the network cuts the stream before byte `at`. */
export function translateCut(from: DialectId, to: DialectId, body: string, at: number): string {
  const bytes = new TextEncoder().encode(body);
  const stage = chain(parseSse, translateAnswerStream(routeOf({ kind: 'stream', from, to, body }, 0, true)));
  return runAll(stage, [bytes.subarray(0, at), bytes.subarray(at)])
    .map(writeSse)
    .join('');
}
