import { ApiError, type Chat, type GenerateContentResponse, GoogleGenAI, type Part } from '@google/genai';
import type { JsonObject } from '../../../src/base/json.ts';
import { type Client, type Said, type Visit, WEATHER } from './client.ts';

const TOOLS = [
  {
    functionDeclarations: [
      { name: WEATHER.name, description: WEATHER.description, parametersJsonSchema: { ...WEATHER.schema } },
    ],
  },
];

/** `@google/genai`, whose chats keep the conversation. */
export const genAiClient: Client = {
  name: '@google/genai',
  dialect: 'gemini',
  finishes: { stop: 'STOP', calls: 'STOP' },
  errorClass: ApiError,
  ask: async (visit) => tell(await send(openChat(visit), visit, visit.prompt)),
  useTools: async (visit, run) => {
    const chat = openChat(visit, TOOLS);
    const asked = await send(chat, visit, visit.prompt);
    const results = asked
      .flatMap((chunk) => chunk.functionCalls ?? [])
      .map(({ id, name, args }): Part => {
        const response = { output: run(args as JsonObject) };
        return { functionResponse: { ...(id === undefined ? {} : { id }), name: name!, response } };
      });
    return [tell(asked), tell(await send(chat, visit, results))];
  },
};

function openChat({ url, model }: Visit, tools?: typeof TOOLS): Chat {
  const library = new GoogleGenAI({
    apiKey: 'sk-client',
    httpOptions: { baseUrl: url, retryOptions: { attempts: 1 } },
  });
  return library.chats.create({ model, ...(tools === undefined ? {} : { config: { tools } }) });
}

async function send(chat: Chat, { stream, signal }: Visit, message: string | Part[]) {
  const config = signal === undefined ? {} : { config: { abortSignal: signal } };
  if (!stream) return [await chat.sendMessage({ message, ...config })];
  const chunks: GenerateContentResponse[] = [];
  for await (const chunk of await chat.sendMessageStream({ message, ...config })) chunks.push(chunk);
  return chunks;
}

function tell(chunks: readonly GenerateContentResponse[]): Said {
  const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
  const texts = parts.filter((part) => part.text !== undefined && part.text !== '' && part.thought !== true);
  const usage = chunks.findLast((chunk) => chunk.usageMetadata)?.usageMetadata;
  return {
    text: texts.map((part) => part.text).join(''),
    model: chunks[0]?.modelVersion ?? '',
    usage: {
      input: usage?.promptTokenCount,
      output: usage === undefined ? undefined : (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
      cached: usage?.cachedContentTokenCount,
    },
    finish: chunks.findLast((chunk) => chunk.candidates?.[0]?.finishReason)?.candidates?.[0]?.finishReason,
    calls: parts.flatMap(({ functionCall: call }) =>
      call === undefined ? [] : [{ name: call.name!, args: call.args as JsonObject }],
    ),
    pieces: texts.length,
  };
}
