import type { ModelFacts } from './model-facts.ts';
import type { Secret } from './secret.ts';

/** The id of an account: `acc_` and ten characters. Shown to clients in `x-trivium-account`. */
export type AccountId = string;

/** Who runs an upstream and how it is reached. */
export const PROVIDER_IDS = [
  'openai',
  'anthropic',
  'gemini',
  'vertex',
  'zai',
  'openai-compatible',
  'anthropic-compatible',
  'gemini-compatible',
  'openrouter',
  'ollama',
  'echo',
] as const;
export type ProviderId = (typeof PROVIDER_IDS)[number];

/** The secret of an account. */
export type Credential =
  | { readonly type: 'none' }
  | { readonly type: 'api_key'; readonly apiKey: Secret }
  | {
      readonly type: 'oauth';
      readonly clientId: string;
      readonly clientSecret?: Secret;
      readonly refreshToken: Secret;
      readonly accessToken?: Secret;
      /** Epoch milliseconds. */
      readonly expiresAt?: number;
    }
  | { readonly type: 'service_account'; readonly json: Secret };

/** What an account may be used for in a day, in UTC; an absent figure is no limit. */
export interface Budget {
  readonly requestsPerDay?: number;
  readonly tokensPerDay?: number;
}

/** One login or key at one provider: what its owner set. Its changing state is the pool's. */
export interface Account {
  readonly id: AccountId;
  readonly name: string;
  readonly provider: ProviderId;
  readonly credential: Credential;
  /** Replaces the provider's own root URL. */
  readonly baseUrl?: string;
  /** Models the owner listed, else those the provider named; empty while unknown. */
  readonly models: readonly string[];
  /** True when the owner listed the models, so that no refresh replaces them. */
  readonly modelsFixed: boolean;
  /** What the provider's own list says of its models, by name. */
  readonly modelFacts?: { readonly [model: string]: ModelFacts };
  /** Dialects the owner limited the account to; empty means all that the provider speaks. */
  readonly dialects: readonly string[];
  readonly enabled: boolean;
  /** Larger first. */
  readonly priority: number;
  /** Share among accounts of the same priority; at least 1. */
  readonly weight: number;
  readonly maxConcurrent?: number;
  /** The share of a quota that is left untouched, 0 to 100. */
  readonly reservePercent?: number;
  readonly budget?: Budget;
  readonly proxyUrl?: string;
  readonly note?: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** What is left of an allowance and when it resets. */
export interface Quota {
  readonly name: string;
  readonly model?: string;
  readonly limit?: number;
  readonly remaining?: number;
  /** Epoch milliseconds. */
  readonly resetsAt?: number;
}
