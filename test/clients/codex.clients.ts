import { describeProgram } from './describe-program.ts';
import { codex } from './programs/codex.ts';

describeProgram(codex, ['openai-chat', 'anthropic-messages', 'gemini']);
