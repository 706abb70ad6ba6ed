import {
  type ChatSession,
  type EnhancedGenerateContentResponse,
  GoogleGenerativeAI,
  GoogleGenerativeAIError,
  type Part,
  SchemaType,
} from '@google/generative-ai';
import type { JsonObject } from '../../../src/base/json.ts';
import { type Client, type Said, type Visit, WEATHER } from './client.ts';

const TOOLS = [
  {
    functionDeclarations: [
      {
        name: WEATHER.name,
        description: WEATHER.description,
        parameters: {
          type: SchemaType.OBJECT as const,
          properties: { city: { type: SchemaType.STRING as const } },
          required: ['city'],
        },
      },
    ],
  },
];

/** `@google/generative-ai`, which is no longer developed and still much used. */
export const generativeAiClient: Client = {
  name: '@google/generative-ai',
  dialect: 'gemini',
  finishes: { stop: 'STOP', calls: 'STOP' },
  errorClass: GoogleGenerativeAIError,
  ask: async (visit) => send(openChat(visit), visit, visit.prompt),
  useTools: async (visit, run) => {
    const chat = openChat(visit, TOOLS);
    const asked = await send(chat, visit, visit.prompt);
    const results = asked.calls.map(
      ({ name, args }): Part => ({ functionResponse: { name, response: { output: run(args) } } }),
    );
    return [asked, await send(chat, visit, results)];
  },
};

function openChat({ url, model }: Visit, tools?: typeof TOOLS): ChatSession {
  const library = new GoogleGenerativeAI('sk-client');
  const options = tools === undefined ? { model } : { model, tools };
  return library.getGenerativeModel(options, { baseUrl: url }).startChat();
}

async function send(chat: ChatSession, { stream, signal }: Visit, message: string | Part[]): Promise<Said> {
  const options = signal === undefined ? {} : { signal };
  if (!stream) return tell([(await chat.sendMessage(message, options)).response]);
  const chunks: EnhancedGenerateContentResponse[] = [];
  const sent = await chat.sendMessageStream(message, options);
  for await (const chunk of sent.stream) chunks.push(chunk);
  // the history is complete once the collected answer is
  await sent.response;
  return tell(chunks);
}

function tell(chunks: readonly EnhancedGenerateContentResponse[]): Said {
  const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
  const texts = parts.flatMap(({ text }) => (text === undefined || text === '' ? [] : [text]));
  const usage = chunks.findLast((chunk) => chunk.usageMetadata)?.usageMetadata as
    | { [name: string]: number | undefined }
    | undefined;
  return {
    text: texts.join(''),
    model: (chunks[0] as { modelVersion?: string } | undefined)?.modelVersion ?? '',
    usage: {
      input: usage?.promptTokenCount,
      output: usage === undefined ? undefined : (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
      cached: usage?.cachedContentTokenCount,
    },
    finish: chunks.findLast((chunk) => chunk.candidates?.[0]?.finishReason)?.candidates?.[0]?.finishReason,
    calls: parts.flatMap(({ functionCall: call }) =>
      call === undefined ? [] : [{ name: call.name, args: call.args as JsonObject }],
    ),
    pieces: texts.length,
  };
}
