import { describeProgram, describeVariant } from './describe-program.ts';
import { geminiCli, geminiCliUntold } from './programs/gemini-cli.ts';

describeProgram(geminiCli, ['openai-chat', 'openai-responses', 'anthropic-messages']);
describeVariant(geminiCliUntold, ['anthropic-messages']);
