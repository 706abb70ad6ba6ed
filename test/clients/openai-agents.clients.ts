import { describeLibraries } from './describe-library.ts';
import { javaScript } from './library.ts';

describeLibraries([
  {
    name: 'OpenAI agents, responses',
    dialect: 'openai-responses',
    command: javaScript('openai-agents', 'responses'),
    cutError: /APIError/,
  },
  {
    name: 'OpenAI agents, chat',
    dialect: 'openai-chat',
    command: javaScript('openai-agents', 'chat'),
    cutError: /APIError/,
  },
]);
