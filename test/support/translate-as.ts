import type { DialectId } from '../../src/translate/dialect-id.ts';
import { translateText } from '../../src/translate/translate-text.ts';

/** What came out, as JSON: tests look wherever they like. */
export type Parsed = ReturnType<typeof JSON.parse>;

/** A request of a client as an upstream gets it, and what was lost. */
export const ask = (from: DialectId, to: DialectId, body: object, model = 'gpt-5') => {
  const { output, losses } = translateText(
    { kind: 'request', from, to, body: JSON.stringify({ model, ...body }), model },
    0,
  );
  return { body: JSON.parse(output) as Parsed, lost: losses.map(({ field }) => field) };
};
/** A whole answer as a client gets it. */
export const answer = (from: DialectId, to: DialectId, body: object, request?: object): Parsed => {
  const asked = request === undefined ? {} : { request: JSON.stringify(request) };
  return JSON.parse(translateText({ kind: 'response', from, to, body: JSON.stringify(body), ...asked }, 0).output);
};
/** The chunks of a stream as a client gets them. */
export const streamed = (from: DialectId, to: DialectId, chunks: readonly object[], request?: object): Parsed[] => {
  const body = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('');
  const asked = request === undefined ? {} : { request: JSON.stringify(request) };
  const { output } = translateText({ kind: 'stream', from, to, body, ...asked }, 0);
  return output
    .split('\n\n')
    .map((frame) => frame.slice(frame.indexOf('data: ') + 'data: '.length))
    .filter((data) => data !== '' && data !== '[DONE]')
    .map((data) => JSON.parse(data));
};
/** A call in the chat dialect. */
export const call = (id: string, name = 'f', args = '{}') => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});
/** A turn of the user. */
export const user = (content: unknown) => ({ role: 'user', content });
/** A turn of calls in the chat dialect. */
export const calls = (...tool_calls: object[]) => ({ role: 'assistant', content: null, tool_calls });
/** What a call gave, in the chat dialect. */
export const result = (tool_call_id: string, content = `of ${tool_call_id}`) => ({
  role: 'tool',
  tool_call_id,
  content,
});
/** A chunk of a chat stream. */
export const delta = (piece: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta: piece, finish_reason }],
});
/** A model of Anthropic with output formats and without much ado. */
export const SONNET = 'claude-sonnet-4-5';
