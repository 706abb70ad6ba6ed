import type { TargetRules } from '../dialect.ts';
import type { LinkPart } from '../links.ts';
import { readClaudeModel } from '../models/claude.ts';
import { runsServerTools, type TargetTraits } from '../target.ts';
import { writeTool } from './server-tools.ts';

/** What a model behind this dialect demands of a request. https://docs.claude.com/en/api/messages */
export function rulesFor(model: string, traits: TargetTraits): TargetRules {
  const { quirks, facts } = traits;
  const { midSystem, prefill } = readClaudeModel(model, quirks, facts);
  return {
    tools: {
      valid: /^[A-Za-z0-9_-]{1,64}$/,
      invalidCharacter: /[^A-Za-z0-9_-]/,
      maxLength: 64,
      custom: false,
      namespaces: false,
    },
    ...(runsServerTools(traits) ? { serverTool: writeTool } : {}),
    ...(quirks.imageUrls === false ? { takesLink } : {}),
    order: {
      startWithUser: true,
      mergeTurns: true,
      midSystem: midSystem ? 'keep-after-user' : 'user-text',
      prefill: prefill ? 'trim' : 'continue',
      reasoning: { keep: 'sealed', dialect: 'anthropic-messages' },
      callId: { valid: /^[A-Za-z0-9_-]{1,64}$/, prefix: 'toolu_', length: 24 },
      argumentsAsObject: true,
      callsLast: true,
      fillAfterResults: false,
      emptyUserText: '.',
      stubTools: true,
    },
  };
}

/** Sound and video are not taken in any form. */
function takesLink({ kind }: LinkPart): boolean {
  return kind === 'audio' || kind === 'video';
}
