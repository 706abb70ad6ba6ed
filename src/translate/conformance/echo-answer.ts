import { asObject, asObjects, asString, type JsonObject } from '../../base/json.ts';
import type { DialectId } from '../dialect-id.ts';

const MORE = 'And now?';
const RESULT = 'It is calm.';

/** The next request of a client: its last one, the answer as such clients keep it, results for its calls, and one more question. */
export function echoAnswer(client: DialectId, request: JsonObject, answer: JsonObject): JsonObject {
  switch (client) {
    case 'openai-chat':
      return echoChat(request, answer);
    case 'openai-responses':
      return echoResponses(request, answer);
    case 'anthropic-messages':
      return echoAnthropic(request, answer);
    case 'gemini':
      return echoGemini(request, answer);
    case 'openai-completions':
      throw new Error('Legacy completions have no next turn.');
    default:
      return client satisfies never;
  }
}

function echoChat(request: JsonObject, answer: JsonObject): JsonObject {
  const message = asObject(asObjects(answer.choices)[0]?.message) ?? {};
  const results = asObjects(message.tool_calls).map(({ id }) => ({ role: 'tool', tool_call_id: id, content: RESULT }));
  const more = results.length > 0 ? results : [{ role: 'user', content: MORE }];
  return { ...request, messages: [...asObjects(request.messages), message, ...more] };
}

function echoResponses(request: JsonObject, answer: JsonObject): JsonObject {
  const asked =
    typeof request.input === 'string' ? [{ role: 'user', content: request.input }] : asObjects(request.input);
  const output = asObjects(answer.output);
  const results = output
    .filter(({ type }) => type === 'function_call')
    .map(({ call_id }) => ({ type: 'function_call_output', call_id, output: RESULT }));
  const more = results.length > 0 ? results : [{ role: 'user', content: MORE }];
  return { ...request, input: [...asked, ...output, ...more] };
}

function echoAnthropic(request: JsonObject, answer: JsonObject): JsonObject {
  const content = asObjects(answer.content);
  const results = content
    .filter(({ type }) => type === 'tool_use')
    .map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: RESULT }));
  const turns = [
    { role: 'assistant', content },
    { role: 'user', content: results.length > 0 ? results : MORE },
  ];
  return { ...request, messages: [...asObjects(request.messages), ...turns] };
}

function echoGemini(request: JsonObject, answer: JsonObject): JsonObject {
  const content = asObject(asObjects(answer.candidates)[0]?.content) ?? {};
  const results = asObjects(content.parts).flatMap(({ functionCall }) => {
    const call = asObject(functionCall);
    if (call === undefined) return [];
    const id = asString(call.id);
    const named = { ...(id === undefined ? {} : { id }), name: call.name };
    return [{ functionResponse: { ...named, response: { output: RESULT } } }];
  });
  const more = { role: 'user', parts: results.length > 0 ? results : [{ text: MORE }] };
  return { ...request, contents: [...asObjects(request.contents), content, more] };
}
