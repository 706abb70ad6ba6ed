import OpenAI, { APIError } from 'openai';
import type { ChatCompletion, ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import { parseJsonObject } from '../../../src/base/json.ts';
import { type Client, type Said, type Visit, WEATHER } from './client.ts';

const TOOLS = [
  {
    type: 'function' as const,
    function: { name: WEATHER.name, description: WEATHER.description, parameters: { ...WEATHER.schema } },
  },
];

/** `openai` with its chat resource. */
export const openAiChatClient: Client = {
  name: 'openai chat',
  dialect: 'openai-chat',
  finishes: { stop: 'stop', calls: 'tool_calls' },
  errorClass: APIError,
  ask: async (visit) => (await complete(visit, [{ role: 'user', content: visit.prompt }])).said,
  useTools: async (visit, run) => {
    const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: visit.prompt }];
    const asked = await complete(visit, messages, TOOLS);
    const { message } = asked.completion.choices[0]!;
    messages.push(message);
    for (const call of message.tool_calls ?? []) {
      if (call.type !== 'function') throw new Error(`a call of type ${call.type}`);
      const content = run(parseJsonObject(call.function.arguments));
      messages.push({ role: 'tool', tool_call_id: call.id, content });
    }
    return [asked.said, (await complete(visit, messages, TOOLS)).said];
  },
};

/** The library, led to a gateway. */
export function openAiAt(url: string): OpenAI {
  return new OpenAI({ apiKey: 'sk-client', baseURL: `${url}/v1`, maxRetries: 0 });
}

async function complete(visit: Visit, messages: ChatCompletionMessageParam[], tools?: typeof TOOLS) {
  const chat = openAiAt(visit.url).chat.completions;
  const request = { model: visit.model, messages, ...(tools === undefined ? {} : { tools }) };
  const options = visit.signal === undefined ? {} : { signal: visit.signal };
  if (!visit.stream) return tell(await chat.create(request, options), 1);
  const stream = chat.stream({ ...request, stream_options: { include_usage: true } }, options);
  let pieces = 0;
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content) pieces++;
  return tell(await stream.finalChatCompletion(), pieces);
}

function tell(completion: ChatCompletion, pieces: number): { completion: ChatCompletion; said: Said } {
  const { message, finish_reason } = completion.choices[0]!;
  const { usage } = completion;
  return {
    completion,
    said: {
      text: message.content ?? '',
      model: completion.model,
      usage: {
        input: usage?.prompt_tokens,
        output: usage?.completion_tokens,
        cached: usage?.prompt_tokens_details?.cached_tokens,
      },
      finish: finish_reason,
      calls: (message.tool_calls ?? []).flatMap((call) =>
        call.type === 'function' ? [{ name: call.function.name, args: parseJsonObject(call.function.arguments) }] : [],
      ),
      pieces,
    },
  };
}
