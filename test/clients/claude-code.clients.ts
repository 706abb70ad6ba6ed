import { describeProgram } from './describe-program.ts';
import { claudeCode } from './programs/claude-code.ts';

describeProgram(claudeCode, ['openai-chat', 'openai-responses', 'gemini']);
