import type { FakeUpstream } from '../fake-upstream.ts';

/** The smallest chat request. */
export const CHAT_BODY = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] };

/** The smallest request to Anthropic. */
export const CLAUDE_BODY = {
  model: 'claude-sonnet-4-6',
  max_tokens: 2_000,
  messages: [{ role: 'user', content: 'hi' }],
};

/** Asks a fake upstream without any client library. */
export async function post(
  upstream: FakeUpstream,
  path: string,
  body: unknown,
  headers: { readonly [name: string]: string } = {},
): Promise<Response> {
  return await fetch(upstream.url + path, {
    method: 'POST',
    headers: { authorization: 'Bearer k', 'anthropic-version': '2023-06-01', ...headers },
    body: JSON.stringify(body),
  });
}
