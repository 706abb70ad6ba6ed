/** @jsxImportSource preact */
import { Elysia } from 'elysia';
import { Layout } from '../layout.tsx';
import type { UiParts } from '../parts.ts';
import { redirect, renderPage } from '../render.ts';
import { SignInPage } from './view.tsx';

/** The page on which an owner shows the admin password. */
export function signInPage(parts: UiParts) {
  const show = (wrong: boolean) => {
    const frame = { title: parts.texts.pages.signIn, texts: parts.texts, asset: parts.asset };
    return renderPage(
      <Layout frame={frame}>
        <SignInPage texts={parts.texts} wrong={wrong} />
      </Layout>,
      wrong ? 401 : 200,
    );
  };
  return new Elysia({ name: 'ui-sign-in' })
    .get('/ui/sign-in', () => show(false), { parse: 'none' })
    .post(
      '/ui/sign-in',
      async ({ request, server }) => {
        const password = new URLSearchParams(await request.text()).get('password') ?? '';
        const cookie = await parts.signIn(password, server?.requestIP(request)?.address);
        return cookie === undefined ? show(true) : redirect('/ui', { 'set-cookie': cookie });
      },
      { parse: 'none' },
    )
    .post('/ui/sign-out', ({ request }) => redirect('/ui/sign-in', { 'set-cookie': parts.signOut(request) }), {
      parse: 'none',
    });
}
