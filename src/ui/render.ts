import type { JSX } from 'preact';
import { render } from 'preact-render-to-string';

/** No inline script or style and nothing from elsewhere can run in a page. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** A whole page as a response; every slot is escaped. */
export function renderPage(view: JSX.Element, status = 200): Response {
  return respondHtml(`<!doctype html>${render(view)}`, status);
}

/** A part of a page, for htmx to put in its place. */
export function renderFragment(view: JSX.Element, status = 200): Response {
  return respondHtml(render(view), status);
}

/** Sends the browser to another page of ours. */
export function redirect(path: string, headers: { readonly [name: string]: string } = {}): Response {
  return new Response(null, { status: 303, headers: { ...SECURITY_HEADERS, location: path, ...headers } });
}

/** Whether htmx asks for a part of a page. */
export function wantsFragment(request: Request): boolean {
  return request.headers.get('hx-request') === 'true';
}

function respondHtml(html: string, status: number): Response {
  return new Response(html, { status, headers: { ...SECURITY_HEADERS, 'content-type': 'text/html; charset=utf-8' } });
}
