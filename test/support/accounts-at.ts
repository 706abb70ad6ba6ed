import type { ProviderId } from '../../src/base/account.ts';
import type { DialectId } from '../../src/translate/dialect-id.ts';
import type { FakeUpstream } from './fake-upstream.ts';

/** The dialects an upstream can speak. */
export type UpstreamDialect = Exclude<DialectId, 'openai-completions'>;

/** For each dialect a provider that speaks it, and one of its models. */
export const SERVICES: { readonly [D in UpstreamDialect]: { readonly provider: ProviderId; readonly model: string } } =
  {
    'openai-chat': { provider: 'openai-compatible', model: 'qwen3-coder' },
    'openai-responses': { provider: 'openai', model: 'gpt-5.5' },
    'anthropic-messages': { provider: 'anthropic', model: 'claude-opus-4-5' },
    gemini: { provider: 'gemini', model: 'gemini-3.5-flash' },
  };

/** Every dialect an upstream can speak. */
export const UPSTREAM_DIALECTS = Object.keys(SERVICES) as readonly UpstreamDialect[];

/** What the admin API is given to add an account at a fake upstream that is spoken to in this one dialect. */
export function accountAt(
  upstream: FakeUpstream,
  dialect: UpstreamDialect,
  more: { readonly [field: string]: unknown } = {},
): { readonly [field: string]: unknown } {
  const { provider } = SERVICES[dialect];
  return {
    name: 'work',
    provider,
    base_url: upstream.baseUrlFor(provider),
    credential: { type: 'api_key', api_key: 'sk-upstream' },
    dialects: [dialect],
    ...more,
  };
}
