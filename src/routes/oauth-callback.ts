import { Elysia } from 'elysia';
import { AdminError } from '../admin/admin-error.ts';
import type { SignIns } from '../admin/sign-ins.ts';
import type { AppPlugin } from './index.ts';

/**
 * Where browsers come back to after a sign-in. Nobody is asked for a password: the browser comes from another site, so that it
 * shows no session, and the state in the address is known to nobody but who began the sign-in.
 */
export function oauthCallback(signIns: Pick<SignIns, 'finish'>): AppPlugin {
  const answer = async (request: Request): Promise<Response> => {
    try {
      const { state, error } = await signIns.finish(request.url);
      if (state === 'done') return page('The account was added. You can close this window.', 200);
      return page(`The account was not added. ${error ?? ''}`, 400);
    } catch (thrown) {
      if (thrown instanceof AdminError) return page(thrown.message, thrown.status);
      throw thrown;
    }
  };
  const app = new Elysia({ name: 'oauth-callback' });
  return app.get('/oauth/callback', ({ request }) => answer(request), { parse: 'none' }) as unknown as AppPlugin;
}

function page(words: string, status: number): Response {
  const text = Bun.escapeHTML(words);
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Trivium</title><p>${text}</p><p><a href="/ui/accounts">Trivium</a></p></html>`;
  return new Response(body, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      // the address holds the code
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    },
  });
}
