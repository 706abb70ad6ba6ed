import type { TargetRules } from '../dialect.ts';
import { isVideoPage } from '../links.ts';
import { runsServerTools, type TargetTraits } from '../target.ts';
import { writeTool } from './server-tools.ts';

/** What Gemini demands of a request, and which of its own tools it runs. */
export function rulesFor(_model: string, traits: TargetTraits): TargetRules {
  return runsServerTools(traits) ? (traits.provider === 'vertex' ? ON_VERTEX : AT_HOME) : GEMINI_RULES;
}

/**
 * What Gemini demands of a request, whatever the model: it begins with the user, no turn repeats a role, instructions stand
 * before all turns, and newer models refuse a model turn at the end.
 */
const GEMINI_RULES: TargetRules = {
  tools: {
    valid: /^[A-Za-z_][A-Za-z0-9_.:-]{0,127}$/,
    invalidCharacter: /[^A-Za-z0-9_.:-]/,
    maxLength: 128,
    custom: false,
    namespaces: false,
  },
  order: {
    startWithUser: true,
    mergeTurns: true,
    midSystem: 'user-text',
    prefill: 'continue',
    reasoning: { keep: 'sealed', dialect: 'gemini' },
    callId: { valid: /^.+$/s, prefix: 'call_', length: 24 },
    argumentsAsObject: true,
    callsLast: false,
    assistantMedia: true,
    fillAfterResults: false,
    emptyUserText: '.',
    stubTools: false,
  },
  answersWith: { image: true, audio: true },
  takesLink: ({ source }) => isVideoPage(source.url),
};

const AT_HOME: TargetRules = { ...GEMINI_RULES, serverTool: (wish) => writeTool(wish, false) };
const ON_VERTEX: TargetRules = { ...GEMINI_RULES, serverTool: (wish) => writeTool(wish, true) };
