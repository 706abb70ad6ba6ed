import { expect } from 'bun:test';
import { asObject, asObjects, asString, type JsonObject } from '../../src/base/json.ts';
import type { Gateway } from './executable.ts';
import { toolCalls } from './fake-upstream/scenario.ts';

/** The one tool that these programs have. */
export const TOOLS = [{ type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } }];

const CALLS = [{ name: 'look', args: { at: 'the sky' } }];

/** An answer that was thought about, says something and calls the tool. */
export const thoughtful = (thinking: string) => toolCalls(CALLS, { thinking, text: 'I look.' });

/** A program that knows nothing of thoughts: it sends back what was said and what was called. */
export function plainChat(model: string, stream: boolean) {
  const messages: JsonObject[] = [{ role: 'user', content: 'What is above?' }];
  return {
    messages,
    ask: async (gateway: Gateway, asked = model) => {
      const body = { model: asked, stream, messages, tools: TOOLS, reasoning_effort: 'high', max_tokens: 30000 };
      const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      const answer = await response.text();
      expect({ status: response.status, answer }).toMatchObject({ status: 200 });
      const said = stream ? readChunks(answer) : readWhole(answer);
      messages.push(said.message, ...said.results);
      return response;
    },
  };
}

function readWhole(answer: string) {
  const message = asObject(asObjects(JSON.parse(answer).choices)[0]?.message)!;
  return plainTurn(asString(message.content) ?? '', asObjects(message.tool_calls));
}

function readChunks(answer: string) {
  const lines = answer.split('\n').filter((line) => line.startsWith('data: {'));
  const deltas = lines.map((line) => asObject(asObjects(JSON.parse(line.slice(6)).choices)[0]?.delta) ?? {});
  const content = deltas.map((delta) => asString(delta.content) ?? '').join('');
  const calls = new Map<unknown, { id: string; name: string; text: string }>();
  for (const piece of deltas.flatMap((delta) => asObjects(delta.tool_calls))) {
    const definition = asObject(piece.function)!;
    const call = calls.get(piece.index) ?? { id: String(piece.id), name: String(definition.name), text: '' };
    calls.set(piece.index, { ...call, text: call.text + String(definition.arguments ?? '') });
  }
  const made = [...calls.values()].map((call) => ({
    id: call.id,
    function: { name: call.name, arguments: call.text },
  }));
  return plainTurn(content, made);
}

function plainTurn(content: string, calls: readonly JsonObject[]) {
  const made = calls.map((call) => ({ id: call.id, type: 'function', function: call.function }));
  const results = made.map((call): JsonObject => ({ role: 'tool', tool_call_id: call.id, content: 'stars' }));
  const message: JsonObject = { role: 'assistant', content, ...(made.length === 0 ? {} : { tool_calls: made }) };
  return { message, results };
}

/** The blocks of each answer in a request to Anthropic, by their types. */
export function blocksOf(request: { readonly body?: JsonObject } | undefined): unknown[] {
  const turns = asObjects(request?.body?.messages).filter(({ role }) => role === 'assistant');
  return turns.map((turn) => asObjects(turn.content).map((block) => block.thinking ?? block.type));
}

/** The proofs on the calls in a request to Gemini. */
export function proofsOf(request: { readonly body?: JsonObject } | undefined): unknown[] {
  const parts = asObjects(request?.body?.contents).flatMap((turn) => asObjects(turn.parts));
  return parts.filter((part) => part.functionCall !== undefined).map((part) => part.thoughtSignature);
}
