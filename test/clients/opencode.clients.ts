import { describeProgram, describeVariant } from './describe-program.ts';
import { opencode } from './programs/opencode.ts';

describeProgram(opencode('openai-chat'), ['anthropic-messages']);
describeProgram(opencode('anthropic-messages'), ['openai-responses']);
describeVariant(opencode('openai-responses'), ['gemini']);
describeVariant(opencode('gemini'), ['openai-chat']);
