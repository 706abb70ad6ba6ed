import { isObject, type JsonObject, tryParseJson } from '../../src/base/json.ts';
import type { DialectId } from '../../src/translate/dialect-id.ts';
import { readAnthropicStream, tellMessage } from './stream-grammar/anthropic-messages.ts';
import { readGeminiStream, tellGemini } from './stream-grammar/gemini.ts';
import { readChatStream, tellChat } from './stream-grammar/openai-chat.ts';
import { readCompletionStream, tellCompletion } from './stream-grammar/openai-completions.ts';
import { readResponsesStream, tellResponse } from './stream-grammar/openai-responses.ts';
import type { Blame, ReadFrame, StreamReader, Told } from './stream-grammar/told.ts';

interface Grammar {
  /** True where frames have an event line, which other clients take for a fault. */
  readonly namesEvents: boolean;
  readonly readStream: (blame: Blame, asksUsage: boolean) => StreamReader;
  readonly tellWhole: (answer: JsonObject) => Told;
}

/** How the streams of each dialect are built that a client gets from the gateway, written after the vendors' references. */
const GRAMMARS: { readonly [D in DialectId]: Grammar } = {
  'openai-chat': { namesEvents: false, readStream: readChatStream, tellWhole: tellChat },
  'openai-completions': { namesEvents: false, readStream: readCompletionStream, tellWhole: tellCompletion },
  'openai-responses': { namesEvents: true, readStream: readResponsesStream, tellWhole: tellResponse },
  'anthropic-messages': { namesEvents: true, readStream: readAnthropicStream, tellWhole: tellMessage },
  gemini: { namesEvents: false, readStream: readGeminiStream, tellWhole: tellGemini },
};

/** What a stream breaks of its dialect's grammar, and what it tells all the same. */
export function checkStream(
  dialect: DialectId,
  stream: string,
  { asksUsage = false }: { readonly asksUsage?: boolean } = {},
): { readonly faults: readonly string[]; readonly told: Told } {
  const faults = new Set<string>();
  const grammar = GRAMMARS[dialect];
  const reader = grammar.readStream((fault) => faults.add(fault), asksUsage);
  if (!stream.endsWith('\n\n')) faults.add('the last frame has no blank line after it');
  for (const text of stream.split('\n\n').slice(0, -1)) {
    const frame = readFrame(text);
    if (frame === undefined) faults.add(`no frame: ${text.slice(0, 60)}`);
    else if ((frame.event !== undefined) !== grammar.namesEvents) faults.add('an event line where none is, or none');
    if (frame !== undefined) reader.read(frame);
  }
  const told = reader.end();
  return { faults: [...faults], told };
}

/** What a whole answer tells. */
export function tellWhole(dialect: DialectId, answer: JsonObject): Told {
  return GRAMMARS[dialect].tellWhole(answer);
}

function readFrame(text: string): ReadFrame | undefined {
  const match = /^(?:event: ([\w.]+)\n)?data: (.+)$/.exec(text);
  if (match === null) return undefined;
  if (match[2] === '[DONE]') return { event: match[1], data: undefined };
  const data = tryParseJson(match[2]!);
  return isObject(data) ? { event: match[1], data } : undefined;
}
