import { describe, expect, test } from 'bun:test';
import type { Json, JsonObject } from '../../../../src/base/json.ts';
import type {
  CanonicalRequest,
  Message,
  ToolCallPart,
  ToolResultPart,
} from '../../../../src/translate/canonical/request.ts';
import { decodeRequest } from '../../../../src/translate/gemini/decode-request.ts';

const decode = (body: JsonObject): CanonicalRequest => decodeRequest(body, { model: 'm', stream: true });
const turns = (contents: Json): readonly Message[] => decode({ contents }).messages;
const user = (...parts: Json[]) => ({ role: 'user', parts });
const model = (...parts: Json[]) => ({ role: 'model', parts });
const text = (words: string) => ({ type: 'text' as const, text: words });

function calls(messages: readonly Message[]): readonly ToolCallPart[] {
  return messages
    .flatMap((message) => (message.role === 'assistant' ? message.parts : []))
    .filter((part) => part.type === 'tool-call');
}

function results(messages: readonly Message[]): readonly ToolResultPart[] {
  return messages
    .flatMap((message) => (message.role === 'user' ? message.parts : []))
    .filter((part) => part.type === 'tool-result');
}

describe('R09: calls and results', () => {
  const withoutIds = [
    user({ text: 'go' }),
    model(
      { functionCall: { name: 'read', args: { n: 1 } } },
      { functionCall: { name: 'list' } },
      { functionCall: { name: 'read', args: { n: 2 } } },
    ),
    user(
      { functionResponse: { name: 'list', response: { output: 'l' } } },
      { functionResponse: { name: 'read', response: { output: 'first' } } },
      { functionResponse: { name: 'read', response: { output: 'second' } } },
    ),
  ];

  test('without ids are paired by name, first come first served', () => {
    const messages = turns(withoutIds);
    const [one, list, two] = calls(messages);
    expect(new Set([one?.callId, list?.callId, two?.callId]).size).toBe(3);
    expect(one?.callId).toMatch(/^call_[0-9A-Za-z]{24}$/);
    expect(one?.arguments).toBe('{"n":1}');
    expect(list?.arguments).toBe('{}');
    expect(results(messages).map((result) => result.callId)).toEqual([list!.callId, one!.callId, two!.callId]);
  });

  test('have the same ids when the history goes on', () => {
    const longer = turns([...withoutIds, model({ text: 'ok' }), user({ text: 'more' })]);
    expect(longer.slice(0, 3)).toEqual(turns(withoutIds) as Message[]);
  });

  test('keep the ids they have', () => {
    const messages = turns([
      model({ functionCall: { id: 'a.1', name: 'read', args: {} } }, { functionCall: { id: 'b', name: 'read' } }),
      user(
        { functionResponse: { id: 'b', name: 'read', response: {} } },
        { functionResponse: { id: 'a.1', name: 'read', response: {} } },
      ),
    ]);
    expect(calls(messages).map((call) => call.callId)).toEqual(['a.1', 'b']);
    expect(results(messages).map((result) => result.callId)).toEqual(['b', 'a.1']);
  });

  test('a result without id answers a call with one, as the AI SDK sends it', () => {
    const messages = turns([
      model({ functionCall: { id: 'c1', name: 'f', args: {} } }),
      user({ functionResponse: { name: 'f', response: { name: 'f', content: 'x' } } }),
    ]);
    expect(results(messages)[0]).toMatchObject({ callId: 'c1', parts: [text('{"name":"f","content":"x"}')] });
  });

  test('a result with an id answers a call that has none', () => {
    const messages = turns([
      model({ functionCall: { name: 'f', args: {} } }),
      user({ functionResponse: { id: 'own', name: 'f', response: {} } }),
    ]);
    expect(results(messages)[0]!.callId).toBe(calls(messages)[0]!.callId);
  });

  test('results of calls that are gone have ids of their own', () => {
    const orphans = results(
      turns([
        user({ functionResponse: { name: 'f', response: {} } }, { functionResponse: { name: 'f', response: {} } }),
      ]),
    );
    expect(new Set(orphans.map((orphan) => orphan.callId)).size).toBe(2);
  });

  test('a call of an earlier turn is not answered later', () => {
    const messages = turns([
      model({ functionCall: { name: 'f' } }),
      user({ functionResponse: { name: 'g', response: {} } }),
      model({ functionCall: { name: 'f' } }),
      user({ functionResponse: { name: 'f', response: {} } }),
    ]);
    expect(results(messages)[1]!.callId).toBe(calls(messages)[1]!.callId);
  });

  test('results that a resumed session repeats keep their id', () => {
    const response = { functionResponse: { id: 'x', name: 'f', response: { output: 'o' } } };
    const messages = turns([model({ functionCall: { id: 'x', name: 'f' } }), user(response, response)]);
    expect(results(messages).map((result) => result.callId)).toEqual(['x', 'x']);
  });

  test('a call stands in a model turn even when the role is missing', () => {
    expect(turns([{ parts: [{ functionCall: { name: 'f' } }] }])[0]?.role).toBe('assistant');
  });
});
