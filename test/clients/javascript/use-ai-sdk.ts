import type { Talk } from '../library.ts';
import { type Call, load, type Session, TOOL } from './session.ts';

const apiKey = 'sk-client-0000000000';

/** Vercel's AI SDK over one of its providers, in the way programs use it: it runs the tools itself. https://ai-sdk.dev */
export async function openAiSdk(talk: Talk, flavour: string): Promise<Session> {
  const { generateText, jsonSchema, stepCountIs, streamText, tool } = await load('ai');
  const { model, options } = await FLAVOURS[flavour]!(talk);
  const weather = tool({
    description: TOOL.description,
    inputSchema: jsonSchema(TOOL.schema),
    execute: async ({ city }: { city: string }) => talk.results?.[city] ?? '',
  });
  const messages: object[] = [];
  const request = {
    model,
    messages,
    maxRetries: 0,
    stopWhen: stepCountIs(5),
    ...(talk.tools ? { tools: { [TOOL.name]: weather } } : {}),
    ...(talk.thinking || options.always ? { providerOptions: options.of } : {}),
  };
  return {
    ask: async (prompt, image) => {
      const picture = image === undefined ? [] : [{ type: 'file', data: image, mediaType: 'image/png' }];
      messages.push({ role: 'user', content: [{ type: 'text', text: prompt }, ...picture] });
      const result = talk.stream
        ? await readStream(streamText({ ...request, onError: () => {} }))
        : await generateText(request);
      messages.push(...(await result.responseMessages));
      const steps: readonly { toolCalls: readonly { toolName: string; input: Call['args'] }[] }[] = await result.steps;
      const calls = steps.flatMap(({ toolCalls }) =>
        toolCalls.map((call) => ({ name: call.toolName, args: call.input })),
      );
      const usage = await result.usage;
      if (!(usage.inputTokens > 0 && usage.outputTokens > 0)) throw new Error('no usage');
      return { text: await result.text, calls };
    },
  };
}

async function readStream<T extends { fullStream: AsyncIterable<{ type: string; error?: unknown }> }>(
  result: T,
): Promise<T> {
  for await (const part of result.fullStream) if (part.type === 'error') throw part.error;
  return result;
}

interface Flavour {
  readonly model: object;
  readonly options: { readonly of: object; readonly always?: true };
}

const THINKS = { type: 'enabled', budgetTokens: 2_048 };

/** Each with what it is told when thoughts are wanted. */
const FLAVOURS: { readonly [name: string]: (talk: Talk) => Promise<Flavour> } = {
  responses: async ({ url, model }) => {
    const { createOpenAI } = await load('@ai-sdk/openai');
    const of = {
      openai: {
        store: false,
        reasoningEffort: 'medium',
        reasoningSummary: 'auto',
        include: ['reasoning.encrypted_content'],
        forceReasoning: true,
      },
    };
    return { model: createOpenAI({ apiKey, baseURL: `${url}/v1` })(model), options: { of, always: true } };
  },
  // what was said is referred to by its id, and not repeated
  kept: async ({ url, model }) => {
    const { createOpenAI } = await load('@ai-sdk/openai');
    const of = { openai: { reasoningEffort: 'medium', reasoningSummary: 'auto', forceReasoning: true } };
    return { model: createOpenAI({ apiKey, baseURL: `${url}/v1` })(model), options: { of } };
  },
  chat: async ({ url, model }) => {
    const { createOpenAI } = await load('@ai-sdk/openai');
    const of = { openai: { reasoningEffort: 'medium' } };
    return { model: createOpenAI({ apiKey, baseURL: `${url}/v1` }).chat(model), options: { of } };
  },
  compatible: async ({ url, model }) => {
    const { createOpenAICompatible } = await load('@ai-sdk/openai-compatible');
    const settings = { apiKey, baseURL: `${url}/v1`, name: 'gateway', includeUsage: true };
    return {
      model: createOpenAICompatible(settings)(model),
      options: { of: { gateway: { reasoningEffort: 'medium' } } },
    };
  },
  anthropic: async ({ url, model }) => {
    const { createAnthropic } = await load('@ai-sdk/anthropic');
    return {
      model: createAnthropic({ apiKey, baseURL: `${url}/v1` })(model),
      options: { of: { anthropic: { thinking: THINKS } } },
    };
  },
  google: async ({ url, model }) => {
    const { createGoogleGenerativeAI } = await load('@ai-sdk/google');
    return {
      model: createGoogleGenerativeAI({ apiKey, baseURL: `${url}/v1beta` })(model),
      options: { of: { google: { thinkingConfig: { includeThoughts: true } } } },
    };
  },
};
