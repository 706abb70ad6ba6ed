import { describeLibraries } from './describe-library.ts';
import { javaScript } from './library.ts';

describeLibraries([
  {
    name: 'AI SDK, OpenAI responses that are kept',
    dialect: 'openai-responses',
    command: javaScript('ai-sdk', 'kept'),
    cutError: /AI_/,
  },
  {
    name: 'AI SDK, OpenAI responses',
    dialect: 'openai-responses',
    command: javaScript('ai-sdk', 'responses'),
    cutError: /AI_/,
  },
  { name: 'AI SDK, OpenAI chat', dialect: 'openai-chat', command: javaScript('ai-sdk', 'chat'), cutError: /AI_/ },
  {
    name: 'AI SDK, OpenAI-compatible',
    dialect: 'openai-chat',
    command: javaScript('ai-sdk', 'compatible'),
    cutError: /AI_/,
  },
  {
    name: 'AI SDK, Anthropic',
    dialect: 'anthropic-messages',
    command: javaScript('ai-sdk', 'anthropic'),
    cutError: /AI_/,
  },
  { name: 'AI SDK, Google', dialect: 'gemini', command: javaScript('ai-sdk', 'google'), cutError: /AI_/ },
]);
