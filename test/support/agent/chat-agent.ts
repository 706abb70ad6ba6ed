import { asObject, asObjects, type JsonObject, parseJsonObject } from '../../../src/base/json.ts';
import { type AgentClient, EDIT_SCHEMA, READ_SCHEMA, type Taken } from './agent-client.ts';
import { dataOf } from './read-frames.ts';

const TOOLS = [
  { name: 'read_file', parameters: READ_SCHEMA },
  { name: 'edit_file', parameters: EDIT_SCHEMA },
  { name: '2nd-opinion' },
] as const;

/** A client of the chat dialect as most agents are: it keeps text and calls, and nothing of what was thought. */
export function chatAgent(): AgentClient {
  const messages: JsonObject[] = [{ role: 'system', content: 'You are a careful engineer.' }];
  return {
    dialect: 'openai-chat',
    tools: TOOLS.map(({ name }) => name),
    body: (model) => ({
      model,
      messages,
      stream: true,
      stream_options: { include_usage: true },
      reasoning_effort: 'medium',
      max_completion_tokens: 16_000,
      tools: TOOLS.map((tool) => ({ type: 'function', function: { description: `Tool ${tool.name}.`, ...tool } })),
      tool_choice: 'auto',
    }),
    take: (stream) => {
      const { message, taken } = readAnswer(stream);
      messages.push(message);
      return taken;
    },
    giveResults: (results, words) => {
      for (const { call, text } of results) messages.push({ role: 'tool', tool_call_id: call.id, content: text });
      if (words !== undefined) messages.push({ role: 'user', content: words });
    },
    ask: (words) => void messages.push({ role: 'user', content: words }),
  };
}

function readAnswer(stream: string): { message: JsonObject; taken: Taken } {
  let text = '';
  let finish: unknown;
  const calls: { id: string; name: string; json: string }[] = [];
  const frames = dataOf(stream);
  if (frames.at(-1) !== '[DONE]') throw new Error('the stream has no end');
  for (const frame of frames.slice(0, -1)) {
    const chunk = parseJsonObject(frame);
    if (chunk.error !== undefined) throw new Error(`an error in the stream: ${frame}`);
    const choice = asObjects(chunk.choices)[0];
    finish = choice?.finish_reason ?? finish;
    const delta = asObject(choice?.delta);
    if (typeof delta?.content === 'string') text += delta.content;
    for (const piece of asObjects(delta?.tool_calls)) {
      const call = asObject(piece.function) ?? {};
      calls[Number(piece.index)] ??= { id: String(piece.id), name: String(call.name), json: '' };
      calls[Number(piece.index)]!.json += String(call.arguments ?? '');
    }
  }
  if (finish !== (calls.length > 0 ? 'tool_calls' : 'stop')) throw new Error(`finish ${finish}, ${calls.length} calls`);
  const tool_calls = calls.map(({ id, name, json }) => ({ id, type: 'function', function: { name, arguments: json } }));
  return {
    message: { role: 'assistant', content: text === '' ? null : text, ...(calls.length > 0 ? { tool_calls } : {}) },
    taken: { text, calls: calls.map(({ id, name, json }) => ({ id, name, args: parseJsonObject(json) })) },
  };
}
