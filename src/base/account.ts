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

/** Whether a word is the id of a provider. */
export function isProviderId(word: string): word is ProviderId {
  return (PROVIDER_IDS as readonly string[]).includes(word);
}

/** The secret of an account. */
export type Credential =
  | { readonly type: 'none' }
  | { readonly type: 'api_key'; readonly apiKey: Secret }
  | {
      readonly type: 'oauth';
      readonly clientId: string;
      readonly clientSecret?: Secret;
      readonly refreshToken: Secret;
      /** Where tokens are asked for; absent: at Google. */
      readonly tokenUrl?: string;
      readonly accessToken?: Secret;
      /** Epoch milliseconds. */
      readonly expiresAt?: number;
    }
  | {
      readonly type: 'service_account';
      /** The key file as it was downloaded. */
      readonly json: Secret;
      readonly accessToken?: Secret;
      /** Epoch milliseconds. */
      readonly expiresAt?: number;
    };

/** A credential from which access tokens are made that run out. */
export type RenewableCredential = Extract<Credential, { readonly type: 'oauth' | 'service_account' }>;

/** True for a credential that is shown to the provider itself: nothing of it runs out by the clock. */
export function isLasting(credential: Credential): credential is Exclude<Credential, RenewableCredential> {
  return credential.type === 'api_key' || credential.type === 'none';
}

/** Whether two credentials are the same secret, whatever access tokens were made from it. */
export function isSameLogin(one: Credential, other: Credential): boolean {
  switch (one.type) {
    case 'none':
      return other.type === 'none';
    case 'api_key':
      return other.type === 'api_key' && other.apiKey.reveal() === one.apiKey.reveal();
    case 'oauth':
      return (
        other.type === 'oauth' &&
        other.clientId === one.clientId &&
        other.refreshToken.reveal() === one.refreshToken.reveal()
      );
    case 'service_account':
      return other.type === 'service_account' && other.json.reveal() === one.json.reveal();
    default:
      return one satisfies never;
  }
}

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
  /** True: it serves only what no other account can. Follows from the settings and is never stored. */
  readonly fallback?: boolean;
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
