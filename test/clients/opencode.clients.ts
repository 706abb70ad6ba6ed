import { describeProgram } from './describe-program.ts';
import { opencode } from './programs/opencode.ts';

describeProgram(opencode('openai-chat'), ['anthropic-messages', 'gemini']);
describeProgram(opencode('anthropic-messages'), ['openai-responses']);
