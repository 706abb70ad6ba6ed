import { APIError } from 'openai';
import type { Response, ResponseInput } from 'openai/resources/responses/responses';
import { parseJsonObject } from '../../../src/base/json.ts';
import { type Client, type Said, type Visit, WEATHER } from './client.ts';
import { openAiAt } from './openai-chat.ts';

const TOOLS = [
  {
    type: 'function' as const,
    name: WEATHER.name,
    description: WEATHER.description,
    parameters: { ...WEATHER.schema },
    strict: false,
  },
];

/** `openai` with its Responses resource; the conversation is repeated, nothing is stored. */
export const openAiResponsesClient: Client = {
  name: 'openai responses',
  dialect: 'openai-responses',
  finishes: { stop: 'completed', calls: 'completed' },
  errorClass: APIError,
  ask: async (visit) => (await respond(visit, [{ role: 'user', content: visit.prompt }])).said,
  useTools: async (visit, run) => {
    const input: ResponseInput = [{ role: 'user', content: visit.prompt }];
    const asked = await respond(visit, input, TOOLS);
    for (const item of asked.response.output) {
      input.push(item as ResponseInput[number]);
      if (item.type !== 'function_call') continue;
      const output = run(parseJsonObject(item.arguments));
      input.push({ type: 'function_call_output', call_id: item.call_id, output });
    }
    return [asked.said, (await respond(visit, input, TOOLS)).said];
  },
};

async function respond(visit: Visit, input: ResponseInput, tools?: typeof TOOLS) {
  const { responses } = openAiAt(visit.url);
  const request = {
    model: visit.model,
    input,
    store: false,
    include: ['reasoning.encrypted_content' as const],
    ...(tools === undefined ? {} : { tools }),
  };
  const options = visit.signal === undefined ? {} : { signal: visit.signal };
  if (!visit.stream) return tell(await responses.create(request, options), 1);
  const stream = responses.stream(request, options);
  let pieces = 0;
  for await (const event of stream) if (event.type === 'response.output_text.delta') pieces++;
  return tell((await stream.finalResponse()) as Response, pieces);
}

function tell(response: Response, pieces: number): { response: Response; said: Said } {
  const { usage } = response;
  return {
    response,
    said: {
      text: response.output_text,
      model: response.model,
      usage: {
        input: usage?.input_tokens,
        output: usage?.output_tokens,
        cached: usage?.input_tokens_details.cached_tokens,
      },
      finish: response.status,
      calls: response.output.flatMap((item) =>
        item.type === 'function_call' ? [{ name: item.name, args: parseJsonObject(item.arguments) }] : [],
      ),
      pieces,
    },
  };
}
