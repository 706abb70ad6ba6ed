import { asObjects, type JsonObject, parseJsonObject } from '../../../src/base/json.ts';
import type { Talk } from '../library.ts';
import { load, type Session, TOOL } from './session.ts';

/** OpenAI's agents over chat completions or responses; the agent runs the tools. https://openai.github.io/openai-agents-js */
export async function openOpenAiAgents(talk: Talk, flavour: string): Promise<Session> {
  const { Agent, OpenAIProvider, Runner, setTracingDisabled, tool, user } = await load('@openai/agents');
  const { OpenAI } = await load('openai');
  setTracingDisabled(true);
  const openAIClient = new OpenAI({ apiKey: 'sk-client-0000000000', baseURL: `${talk.url}/v1`, maxRetries: 0 });
  const modelProvider = new OpenAIProvider({ openAIClient, useResponses: flavour === 'responses' });
  const weather = tool({
    name: TOOL.name,
    description: TOOL.description,
    parameters: TOOL.schema,
    strict: true,
    execute: async (input: unknown) => talk.results?.[(input as { city: string }).city] ?? '',
  });
  const thinks = {
    reasoning: { effort: 'medium', summary: 'auto' },
    store: false,
    providerData: { include: ['reasoning.encrypted_content'] },
  };
  const agent = new Agent({
    name: 'Weather',
    instructions: 'You know the weather.',
    model: talk.model,
    tools: talk.tools ? [weather] : [],
    modelSettings: { store: false, ...(talk.thinking && flavour === 'responses' ? thinks : {}) },
  });
  const runner = new Runner({ modelProvider, tracingDisabled: true });
  let history: JsonObject[] = [];
  return {
    ask: async (prompt, image) => {
      const picture = image === undefined ? [] : [{ type: 'input_image', image: `data:image/png;base64,${image}` }];
      const before = history.length + 1;
      const input = [...history, user([{ type: 'input_text', text: prompt }, ...picture])];
      const result = await runner.run(agent, input, { stream: talk.stream });
      if (talk.stream) {
        for await (const _ of result);
        await result.completed;
        if (result.error) throw result.error;
      }
      history = result.history;
      const made = asObjects(history.slice(before)).filter(({ type }) => type === 'function_call');
      return {
        text: String(result.finalOutput),
        calls: made.map((call) => ({ name: String(call.name), args: parseJsonObject(String(call.arguments)) })),
      };
    },
  };
}
