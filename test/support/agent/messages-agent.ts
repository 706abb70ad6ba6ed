import { asObject, type JsonObject, parseJsonObject } from '../../../src/base/json.ts';
import { type AgentClient, type AgentResult, EDIT_SCHEMA, PIXEL, READ_SCHEMA } from './agent-client.ts';
import { framesOf } from './read-frames.ts';

const CACHE = { cache_control: { type: 'ephemeral' } };
const TOOLS = [
  { name: 'Read', description: 'Reads.', input_schema: READ_SCHEMA },
  { name: 'Edit', description: 'Edits.', input_schema: EDIT_SCHEMA },
  { name: 'mcp__team-1__Ask', description: 'Asks.', input_schema: { type: 'object', properties: {} } },
] as const;

/** Models of the generation that thinks by budget and takes no reminders between the turns. */
const OLDER = /^claude-\w+-4-5/;
const THINKING = {
  enabled: { thinking: { type: 'enabled', budget_tokens: 8000 } },
  adaptive: { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
};

/** How the client asks models that it does not know for thoughts. */
export type Thinking = keyof typeof THINKING;

/** A client of the Messages dialect as Claude Code is: thoughts come back with their signatures, cache marks move, reminders stand between. */
export function messagesAgent(thinking: Thinking): AgentClient {
  const messages: JsonObject[] = [];
  const thinkingFor = (model: string) => {
    if (!model.startsWith('claude')) return THINKING[thinking];
    return OLDER.test(model) ? THINKING.enabled : THINKING.adaptive;
  };
  return {
    dialect: 'anthropic-messages',
    tools: TOOLS.map(({ name }) => name),
    body: (model) => ({
      model,
      max_tokens: 32_000,
      stream: true,
      system: [{ type: 'text', text: 'You are a careful engineer.', ...CACHE }],
      tools: TOOLS,
      ...thinkingFor(model),
      metadata: { user_id: '{"session_id":"5c9f0e3a"}' },
      messages: markLast(OLDER.test(model) ? messages.filter(({ role }) => role !== 'system') : messages),
    }),
    take: (stream) => {
      const content = readBlocks(stream);
      messages.push({ role: 'assistant', content });
      return {
        text: content.map(({ text }) => text ?? '').join(''),
        calls: content.flatMap(({ type, id, name, input }) =>
          type === 'tool_use' ? [{ id: String(id), name: String(name), args: input }] : [],
        ),
      };
    },
    giveResults: (results, words) => {
      const said = words === undefined ? [] : [{ type: 'text', text: words }];
      messages.push({ role: 'user', content: [...results.map(resultOf), ...said] });
    },
    ask: (words) => void messages.push({ role: 'user', content: [{ type: 'text', text: words }] }),
    remind: (words) => void messages.push({ role: 'system', content: [{ type: 'text', text: words }] }),
  };
}

/** The newest turn has a cache mark, which is gone one turn later. */
function markLast(messages: readonly JsonObject[]): JsonObject[] {
  const last = messages.at(-1)!;
  const content = last.content as readonly JsonObject[];
  return [...messages.slice(0, -1), { ...last, content: content.with(-1, { ...content.at(-1)!, ...CACHE }) }];
}

function readBlocks(stream: string): JsonObject[] {
  const blocks: { [name: string]: unknown }[] = [];
  let json = '';
  const frames = framesOf(stream);
  for (const { event, data } of frames) {
    const { type, index, content_block: start, delta } = parseJsonObject(data);
    if (type !== event || type === 'error') throw new Error(`event ${event}: ${data}`);
    const block = blocks[Number(index)];
    if (type === 'content_block_start') {
      blocks[Number(index)] = { ...asObject(start) };
      json = '';
    } else if (type === 'content_block_delta') {
      const { text, thinking, signature, partial_json: piece } = asObject(delta)!;
      if (text !== undefined) block!.text = `${block!.text}${text}`;
      if (thinking !== undefined) block!.thinking = `${block!.thinking}${thinking}`;
      if (signature !== undefined) block!.signature = signature;
      json += piece ?? '';
    } else if (type === 'content_block_stop' && block!.type === 'tool_use') {
      block!.input = json === '' ? {} : parseJsonObject(json);
    }
  }
  if (frames.at(-1)?.event !== 'message_stop') throw new Error('the stream has no end');
  return blocks as JsonObject[];
}

function resultOf({ call, text, failed, image }: AgentResult): JsonObject {
  const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } };
  return {
    type: 'tool_result',
    tool_use_id: call.id,
    content: image ? [{ type: 'text', text }, picture] : text,
    ...(failed ? { is_error: true } : {}),
  };
}
