import { asArray, asObject, asObjects, asString, type JsonObject, parseJsonObject } from '../../src/base/json.ts';
import type { DialectId } from '../../src/translate/dialect-id.ts';

/** A call in a conversation with the result that belongs to it, as text. */
export interface PairedResult {
  readonly name: string;
  readonly args: JsonObject;
  readonly result: string | undefined;
}

interface Call {
  readonly id: string | undefined;
  readonly name: string;
  readonly args: JsonObject;
}

interface Result {
  readonly id: string | undefined;
  readonly result: string;
}

/** Pairs the calls in a request's body with their results: by id, or by their order where the results have none. */
export function pairResults(dialect: DialectId, body: JsonObject): readonly PairedResult[] {
  const { calls, results } = READERS[dialect]!(body);
  return calls.map(({ id, name, args }, at) => {
    const found = results[at]?.id === undefined ? results[at] : results.find((one) => one.id === id);
    return { name, args, result: found?.result };
  });
}

const READERS: {
  readonly [D in DialectId]?: (body: JsonObject) => { readonly calls: Call[]; readonly results: Result[] };
} = {
  'openai-chat': (body) => {
    const messages = asObjects(body.messages);
    return {
      calls: messages
        .flatMap((message) => asObjects(message.tool_calls))
        .map((call) => callOf(call.id, asObject(call.function)!)),
      results: messages
        .filter((message) => message.role === 'tool')
        .map((message) => ({ id: asString(message.tool_call_id), result: JSON.stringify(message.content) })),
    };
  },
  'openai-responses': (body) => {
    const items = asObjects(body.input);
    return {
      calls: items.filter((item) => item.type === 'function_call').map((item) => callOf(item.call_id, item)),
      results: items
        .filter((item) => item.type === 'function_call_output')
        .map((item) => ({ id: asString(item.call_id), result: JSON.stringify(item.output) })),
    };
  },
  'anthropic-messages': (body) => {
    const blocks = asObjects(body.messages).flatMap((message) => asObjects(message.content));
    return {
      calls: blocks.filter((block) => block.type === 'tool_use').map((block) => callOf(block.id, block)),
      results: blocks
        .filter((block) => block.type === 'tool_result')
        .map((block) => ({ id: asString(block.tool_use_id), result: JSON.stringify(block.content) })),
    };
  },
  gemini: (body) => {
    const parts = asObjects(body.contents).flatMap((content) => asObjects(asArray(content.parts)));
    return {
      calls: parts.flatMap(({ functionCall }) => {
        const call = asObject(functionCall);
        return call === undefined ? [] : [callOf(call.id, call)];
      }),
      results: parts.flatMap(({ functionResponse }) => {
        const response = asObject(functionResponse);
        return response === undefined ? [] : [{ id: asString(response.id), result: JSON.stringify(response.response) }];
      }),
    };
  },
};

function callOf(id: unknown, call: JsonObject): Call {
  const given = call.arguments ?? call.input ?? call.args;
  return {
    id: asString(id),
    name: asString(call.name)!,
    args: typeof given === 'string' ? parseJsonObject(given) : (asObject(given) ?? {}),
  };
}
