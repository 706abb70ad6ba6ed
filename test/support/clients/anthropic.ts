import Anthropic, { APIError } from '@anthropic-ai/sdk';
import type { Message, MessageParam, ToolResultBlockParam } from '@anthropic-ai/sdk/resources/messages';
import type { JsonObject } from '../../../src/base/json.ts';
import { type Client, type Said, type Visit, WEATHER } from './client.ts';

const TOOLS = [
  {
    name: WEATHER.name,
    description: WEATHER.description,
    input_schema: { ...WEATHER.schema, required: [...WEATHER.schema.required] },
  },
];

/** `@anthropic-ai/sdk`. */
export const anthropicClient: Client = {
  name: 'anthropic',
  dialect: 'anthropic-messages',
  finishes: { stop: 'end_turn', calls: 'tool_use' },
  errorClass: APIError,
  ask: async (visit) => (await send(visit, [{ role: 'user', content: visit.prompt }])).said,
  useTools: async (visit, run) => {
    const messages: MessageParam[] = [{ role: 'user', content: visit.prompt }];
    const asked = await send(visit, messages, TOOLS);
    messages.push({ role: 'assistant', content: asked.message.content });
    const results = asked.message.content.flatMap((block): ToolResultBlockParam[] =>
      block.type === 'tool_use'
        ? [{ type: 'tool_result', tool_use_id: block.id, content: run(block.input as JsonObject) }]
        : [],
    );
    messages.push({ role: 'user', content: results });
    return [asked.said, (await send(visit, messages, TOOLS)).said];
  },
};

async function send(visit: Visit, messages: MessageParam[], tools?: typeof TOOLS) {
  const anthropic = new Anthropic({ apiKey: 'sk-client', baseURL: visit.url, maxRetries: 0 });
  const request = { model: visit.model, max_tokens: 500, messages, ...(tools === undefined ? {} : { tools }) };
  const options = visit.signal === undefined ? {} : { signal: visit.signal };
  if (!visit.stream) return tell(await anthropic.messages.create(request, options), 1);
  const stream = anthropic.messages.stream(request, options);
  let pieces = 0;
  stream.on('text', () => pieces++);
  return tell(await stream.finalMessage(), pieces);
}

function tell(message: Message, pieces: number): { message: Message; said: Said } {
  const { usage } = message;
  const cached = usage.cache_read_input_tokens ?? 0;
  return {
    message,
    said: {
      text: message.content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
      model: message.model,
      usage: {
        input: usage.input_tokens + cached + (usage.cache_creation_input_tokens ?? 0),
        output: usage.output_tokens,
        cached,
      },
      finish: message.stop_reason ?? undefined,
      calls: message.content.flatMap((block) =>
        block.type === 'tool_use' ? [{ name: block.name, args: block.input as JsonObject }] : [],
      ),
      pieces,
    },
  };
}
