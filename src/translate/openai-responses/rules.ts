import type { TargetRules } from '../dialect.ts';
import type { LinkPart } from '../links.ts';
import { runsServerTools, type TargetTraits } from '../target.ts';
import { writeTool } from './server-tools.ts';
import { DIALECT } from './wire.ts';

/** What a server of this dialect demands of a request. */
export function responsesRules(_model: string, traits: TargetTraits): TargetRules {
  const { quirks } = traits;
  return {
    tools: {
      valid: /^[A-Za-z0-9_-]{1,64}$/,
      invalidCharacter: /[^A-Za-z0-9_-]/,
      maxLength: 64,
      custom: quirks.customTools !== false,
      namespaces: true,
    },
    stops: false,
    ...(runsServerTools(traits) ? { serverTool: writeTool, answersWith: { image: true } } : {}),
    ...(quirks.imageUrls === false ? { takesLink } : {}),
    order: {
      startWithUser: false,
      mergeTurns: false,
      midSystem: quirks.midSystem === false ? 'user-text' : 'keep',
      prefill: 'keep',
      reasoning: quirks.reasoningBack === undefined ? { keep: 'sealed', dialect: DIALECT } : { keep: 'text' },
      callId: { valid: /^[A-Za-z0-9_-]{1,64}$/, prefix: 'call_', length: 24 },
      argumentsAsObject: false,
      callsLast: false,
      fillAfterResults: false,
      stubTools: false,
    },
  };
}

/** Sound and video are not taken in any form. */
function takesLink({ kind }: LinkPart): boolean {
  return kind === 'audio' || kind === 'video';
}
