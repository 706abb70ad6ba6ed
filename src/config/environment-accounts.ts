import type { ProviderId } from '../base/account.ts';
import type { Environment } from './paths.ts';

/** An account that the environment has a key for. */
export interface EnvironmentAccount {
  readonly variable: string;
  readonly provider: ProviderId;
  /** The name it gets. */
  readonly name: string;
  readonly apiKey: string;
}

/** The variables that the vendors' own libraries read. */
const VARIABLES: readonly (readonly [variable: string, provider: ProviderId])[] = [
  ['OPENAI_API_KEY', 'openai'],
  ['ANTHROPIC_API_KEY', 'anthropic'],
  ['GEMINI_API_KEY', 'gemini'],
  ['ZAI_API_KEY', 'zai'],
  ['OPENROUTER_API_KEY', 'openrouter'],
];

/** The accounts that an environment offers; nobody adds them unasked. */
export function environmentAccounts(environment: Environment): readonly EnvironmentAccount[] {
  return VARIABLES.flatMap(([variable, provider]) => {
    const apiKey = environment[variable]?.trim() ?? '';
    return apiKey === '' ? [] : [{ variable, provider, name: `${provider} (environment)`, apiKey }];
  });
}
