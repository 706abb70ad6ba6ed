import { describeProgram, describeVariant } from './describe-program.ts';
import { codex, codexBuiltIn, codexFreeform, codexScripted } from './programs/codex.ts';

describeProgram(codex, ['openai-chat', 'anthropic-messages', 'gemini']);
describeVariant(codexFreeform, ['openai-chat', 'anthropic-messages', 'gemini']);
describeVariant(codexScripted, ['openai-chat', 'anthropic-messages', 'gemini']);
describeVariant(codexBuiltIn, ['anthropic-messages']);
