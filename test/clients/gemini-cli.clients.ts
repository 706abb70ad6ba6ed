import { describeProgram } from './describe-program.ts';
import { geminiCli } from './programs/gemini-cli.ts';

describeProgram(geminiCli, ['openai-chat', 'openai-responses', 'anthropic-messages']);
