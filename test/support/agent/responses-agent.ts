import { asObject, asObjects, type JsonObject, parseJsonObject } from '../../../src/base/json.ts';
import { type AgentClient, type AgentResult, EDIT_SCHEMA, PIXEL, READ_SCHEMA, type TakenCall } from './agent-client.ts';
import { dataOf } from './read-frames.ts';

const TOOLS = [
  { type: 'function', name: 'read_file', description: 'Reads.', parameters: READ_SCHEMA, strict: false },
  { type: 'function', name: 'edit_file', description: 'Edits.', parameters: EDIT_SCHEMA, strict: false },
  { type: 'custom', name: 'apply_patch', description: 'Applies a patch.' },
  {
    type: 'namespace',
    name: 'team',
    description: 'Other agents.',
    tools: [{ type: 'function', name: 'ask', description: 'Asks.', parameters: READ_SCHEMA, strict: false }],
  },
] as const;

/** A client of the Responses dialect as Codex is: it sends every item back as it came, stores nothing, and has tools of all kinds. */
export function responsesAgent(): AgentClient {
  const input: JsonObject[] = [
    { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'You are a careful engineer.' }] },
  ];
  let kinds = new Map<string, string>();
  const ask = (words: string) =>
    void input.push({ type: 'message', role: 'user', content: [{ type: 'input_text', text: words }] });
  return {
    dialect: 'openai-responses',
    tools: ['read_file', 'edit_file', 'apply_patch', 'team/ask'],
    body: (model) => ({
      model,
      input,
      tools: TOOLS,
      tool_choice: 'auto',
      parallel_tool_calls: true,
      reasoning: { effort: 'high', summary: 'auto' },
      store: false,
      stream: true,
      include: ['reasoning.encrypted_content'],
      prompt_cache_key: 'conversation-1',
      text: { verbosity: 'low' },
    }),
    take: (stream) => {
      const items = readItems(stream);
      input.push(...items);
      const calls = items.filter(({ type }) => /_call$/.test(String(type)));
      kinds = new Map(calls.map((item) => [String(item.call_id), String(item.type)]));
      return { text: items.map(textOf).join(''), calls: calls.map(readCall) };
    },
    giveResults: (results, words) => {
      for (const result of results) input.push(outputOf(result, kinds.get(result.call.id)!));
      if (words !== undefined) ask(words);
    },
    ask,
    remind: (words) =>
      void input.push({ type: 'message', role: 'developer', content: [{ type: 'input_text', text: words }] }),
  };
}

/** Codex reads finished items, and the end. */
function readItems(stream: string): JsonObject[] {
  const events = dataOf(stream).map(parseJsonObject);
  const end = events.at(-1);
  if (end?.type !== 'response.completed') throw new Error(`the stream ends with ${JSON.stringify(end)}`);
  return events.flatMap((event) => (event.type === 'response.output_item.done' ? [asObject(event.item)!] : []));
}

function textOf(item: JsonObject): string {
  return asObjects(item.content)
    .map(({ type, text }) => (type === 'output_text' ? String(text) : ''))
    .join('');
}

function readCall(item: JsonObject): TakenCall {
  const name = item.namespace === undefined ? String(item.name) : `${item.namespace}/${item.name}`;
  const args = item.type === 'custom_tool_call' ? { input: item.input } : parseJsonObject(String(item.arguments));
  return { id: String(item.call_id), name, args };
}

function outputOf({ call, text, failed, image }: AgentResult, kind: string): JsonObject {
  const words = failed ? `Error: ${text}` : text;
  const output = image
    ? [
        { type: 'input_text', text: words },
        { type: 'input_image', image_url: `data:image/png;base64,${PIXEL}` },
      ]
    : words;
  return { type: `${kind}_output`, call_id: call.id, output };
}
