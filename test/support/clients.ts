import { anthropicClient } from './clients/anthropic.ts';
import type { Client } from './clients/client.ts';
import { genAiClient } from './clients/genai.ts';
import { generativeAiClient } from './clients/generative-ai.ts';
import { openAiChatClient } from './clients/openai-chat.ts';
import { openAiCompletionsClient } from './clients/openai-completions.ts';
import { openAiResponsesClient } from './clients/openai-responses.ts';

/** Every official library in each of its ways to ask. */
export const CLIENTS: readonly Client[] = [
  openAiChatClient,
  openAiResponsesClient,
  openAiCompletionsClient,
  anthropicClient,
  genAiClient,
  generativeAiClient,
];
