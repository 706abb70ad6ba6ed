import { join } from 'node:path';
import { describeLibraries } from './describe-library.ts';
import { PYTHON_PROGRAM } from './install.ts';
import type { Library } from './library.ts';

function program(module: string): () => readonly string[] {
  return () => [process.env[PYTHON_PROGRAM]!, join(import.meta.dir, 'python', 'converse.py'), module];
}

/** The vendors' Python libraries. */
const LIBRARIES: readonly Library[] = [
  {
    name: 'openai for Python, chat',
    dialect: 'openai-chat',
    command: program('use_openai_chat'),
    cutError: /OpenAIError/,
  },
  {
    name: 'openai for Python, responses',
    dialect: 'openai-responses',
    command: program('use_openai_responses'),
    cutError: /OpenAIError/,
  },
  {
    name: 'anthropic for Python',
    dialect: 'anthropic-messages',
    command: program('use_anthropic'),
    cutError: /AnthropicError/,
  },
  {
    name: 'google-genai for Python',
    dialect: 'gemini',
    command: program('use_google_genai'),
    cutError: /APIError/,
  },
  {
    name: 'google-generativeai for Python',
    dialect: 'gemini',
    command: program('use_google_generativeai'),
    thinks: false,
    cutError: /ValueError/,
  },
];

describeLibraries(LIBRARIES);
