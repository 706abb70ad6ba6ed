import type { ProviderId } from '../base/account.ts';
import { systemClock } from '../base/clock.ts';
import type { FindProvider, Provider } from './provider.ts';
import { anthropic } from './providers/anthropic.ts';
import { anthropicCompatible } from './providers/anthropic-compatible.ts';
import { createEcho } from './providers/echo.ts';
import { gemini } from './providers/gemini.ts';
import { geminiCompatible } from './providers/gemini-compatible.ts';
import { ollama } from './providers/ollama.ts';
import { openai } from './providers/openai.ts';
import { openaiCompatible } from './providers/openai-compatible.ts';
import { openrouter } from './providers/openrouter.ts';
import { vertex } from './providers/vertex.ts';
import { zai } from './providers/zai.ts';

/** Every provider by its id. One that is missing cannot be reached yet. */
export const PROVIDERS: { readonly [P in ProviderId]?: Provider } = {
  openai,
  'openai-compatible': openaiCompatible,
  anthropic,
  'anthropic-compatible': anthropicCompatible,
  gemini,
  'gemini-compatible': geminiCompatible,
  vertex,
  zai,
  openrouter,
  ollama,
  echo: createEcho(systemClock),
};

/** Finds one by its id. */
export const findProvider: FindProvider = (id) => PROVIDERS[id as ProviderId];
