import { describe, expect, test } from 'bun:test';
import { h } from 'preact';
import { redirect, renderFragment, renderPage, wantsFragment } from '../../../src/ui/render.ts';

const EVIL = `<script>alert("1")</script>'&`;

describe('a page', () => {
  test('is a whole document', async () => {
    const response = renderPage(h('html', null, h('body', null, 'hi')), 404);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toBe('<!doctype html><html><body>hi</body></html>');
  });

  test('lets nothing run that is not ours', () => {
    for (const response of [renderPage(h('p', null)), renderFragment(h('p', null)), redirect('/ui')]) {
      const policy = response.headers.get('content-security-policy')!;
      for (const rule of ["default-src 'self'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'"]) {
        expect(policy).toContain(rule);
      }
      expect(policy).not.toContain('unsafe');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });
});

describe('a part of a page', () => {
  test('has nothing around it', async () => {
    expect(await renderFragment(h('p', null, 'hi')).text()).toBe('<p>hi</p>');
  });

  test('is asked for by htmx alone', () => {
    const ask = (headers: { [name: string]: string }) => wantsFragment(new Request('http://localhost/', { headers }));
    expect(ask({ 'hx-request': 'true' })).toBe(true);
    expect(ask({ 'hx-request': 'false' })).toBe(false);
    expect(ask({})).toBe(false);
  });
});

describe('whatever stands in a slot', () => {
  test.each([
    ['as text', h('p', null, EVIL)],
    ['as an attribute', h('input', { value: EVIL })],
    ['as one of several', h('ul', null, [EVIL, h('li', { title: EVIL }, EVIL)])],
  ])('%s is escaped', async (_where, view) => {
    const html = await renderFragment(view).text();
    expect(html).not.toContain('<script');
    expect(html).not.toContain('"1"');
    expect(html).toContain('&lt;script');
  });
});

describe('a redirect', () => {
  test('leads the browser on with GET', () => {
    const response = redirect('/ui', { 'set-cookie': 'a=1' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/ui');
    expect(response.headers.get('set-cookie')).toBe('a=1');
  });
});
