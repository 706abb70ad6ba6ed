import { describe, expect, test } from 'bun:test';
import { h } from 'preact';
import { render } from 'preact-render-to-string';
import type { AccountItem } from '../../../../src/admin/account-item.ts';
import { EMPTY_FORM, type FormState } from '../../../../src/ui/accounts/form.ts';
import { AccountsPage, type AccountsView } from '../../../../src/ui/accounts/view.tsx';
import { en } from '../../../../src/ui/locales/en.ts';
import { openOwner } from '../../../support/owner.ts';

const EVIL = `"><img src=x onerror=alert(1)>'`;

/** An account as a new one is shown, with what a test changes of it. */
function anItem(change: Partial<AccountItem> = {}): AccountItem {
  const { admin } = openOwner();
  const credential = { type: 'api_key', api_key: 'sk-0123456789abcdef' };
  return { ...admin.create({ name: 'work', provider: 'openai', credential, models: ['gpt-5'] }), ...change };
}

function show(change: Partial<AccountsView> = {}): string {
  const service = { state: 'running', address: 'http://127.0.0.1:8045', active_accounts: 1 } as AccountsView['service'];
  return render(h(AccountsPage, { view: { texts: en, service, accounts: [], form: EMPTY_FORM, ...change } }));
}

/** The tag of an input. */
function inputOf(html: string, name: string): string {
  return new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(html)![0];
}

/** The texts that describe an input to those who cannot see it. */
function descriptionOf(html: string, name: string): string {
  const ids = /aria-describedby="([^"]*)"/.exec(inputOf(html, name))?.[1]?.split(' ') ?? [];
  return ids.map((id) => new RegExp(`id="${id}"[^>]*>([^<]*)<`).exec(html)?.[1]).join(' ');
}

test('keys of the environment are offered by the names of their variables', () => {
  const html = show({ offered: ['OPENAI_API_KEY', 'ZAI_API_KEY'] });
  expect(html).toContain('OPENAI_API_KEY, ZAI_API_KEY');
  expect(html).toContain('action="/ui/accounts/environment"');
  expect(show()).not.toContain('/ui/accounts/environment');
});

describe('the accounts', () => {
  test('are told to be none', () => {
    expect(show()).toContain('There is no account yet');
    expect(show()).not.toContain('<table');
  });

  test('are shown with provider, status and models', () => {
    const html = show({ accounts: [anItem({ models: ['m1', 'm2', 'm3', 'm4', 'm5'] })] });
    for (const words of ['work', 'openai', 'ready', 'm1, m2, m3', 'and 2 more']) expect(html).toContain(words);
    expect(html).not.toContain('m4');
  });

  test('never show a key, not even in part', () => {
    expect(show({ accounts: [anItem()] })).not.toContain('cdef');
  });

  test('that are in trouble say why, until when and what to do', () => {
    const status = {
      state: 'cooling',
      reason: 'slow down',
      since: '2026-01-02T03:04:05.000Z',
      until: '2026-01-02T03:05:05.000Z',
      advice: 'Wait.',
      models: [],
    } as const;
    const last_error = { at: status.since, kind: 'rate-limited', message: 'too many requests' };
    const html = show({ accounts: [anItem({ status, last_error })] });
    expect(html).toContain('/clear-cooldown"');
    for (const words of ['cooling', 'slow down', status.until, 'Wait.', 'too many requests'])
      expect(html).toContain(words);
  });

  test.each([
    [true, 'disable', 'enable'],
    [false, 'enable', 'disable'],
  ])('that are enabled: %p, can be told to %s', (enabled, offered, other) => {
    const item = anItem({ enabled });
    const html = show({ accounts: [item] });
    for (const action of ['test', 'remove', offered]) {
      expect(html).toContain(`action="/ui/accounts/${item.id}/${action}"`);
    }
    expect(html).not.toContain(`/${other}"`);
  });
});

describe('the service', () => {
  test.each([
    ['running', '/ui/service/stop'],
    ['stopped', '/ui/service/start'],
  ] as const)('that is %s offers %s', (state, action) => {
    const service = { state, address: 'http://a', active_accounts: 2 } as AccountsView['service'];
    const html = show({ service });
    expect(html).toContain(`action="${action}"`);
    expect(html).toContain('2 active accounts');
  });
});

describe('the form', () => {
  const form: FormState = {
    values: { name: 'work', provider: 'anthropic', baseUrl: 'ftp://x', models: 'a' },
    message: 'base_url must be a URL.',
    wrong: 'base_url',
  };

  test('shows what was typed again, with its message at the input that is wrong', () => {
    const html = show({ form });
    expect(descriptionOf(html, 'base_url')).toContain(form.message!);
    expect(descriptionOf(html, 'name')).not.toContain(form.message!);
    expect(inputOf(html, 'base_url')).toContain('value="ftp://x"');
    expect(inputOf(html, 'base_url')).toContain('aria-invalid="true"');
    expect(inputOf(html, 'name')).not.toContain('aria-invalid="true"');
    expect(html).toMatch(/<option[^>]*selected[^>]*value="anthropic"|<option[^>]*value="anthropic"[^>]*selected/);
  });

  test('has no message when nothing is wrong', () => {
    expect(show()).not.toContain('role="alert"');
  });

  test('keeps the key to itself', () => {
    const input = inputOf(show({ form }), 'api_key');
    expect(input).toContain('type="password"');
    expect(input).not.toMatch(/value="[^"]/);
  });

  test('has a label and a hint for each of its inputs', () => {
    const html = show();
    for (const name of ['name', 'provider', 'api_key', 'base_url', 'models']) {
      expect(html).toContain(`<label for="${name}">`);
      expect(html).toContain(`id="${name}"`);
    }
  });
});

describe('whatever somebody wrote', () => {
  test.each<[string, Partial<AccountsView>]>([
    ['the name of an account', { accounts: [anItem({ name: EVIL })] }],
    ['a model', { accounts: [anItem({ models: [EVIL] })] }],
    ['an id', { accounts: [anItem({ id: EVIL })] }],
    [
      'the words of an upstream',
      {
        accounts: [
          anItem({
            status: { state: 'invalid', reason: EVIL, since: null, until: null, advice: EVIL, models: [] },
            last_error: { at: '2026-01-02T03:04:05.000Z', kind: 'x', message: EVIL },
          }),
        ],
      },
    ],
    ['a notice', { notice: EVIL }],
    ['the form', { form: { values: { name: EVIL, provider: EVIL, baseUrl: EVIL, models: EVIL }, message: EVIL } }],
    ['the address', { service: { state: 'running', address: EVIL, active_accounts: 1 } as AccountsView['service'] }],
  ])('in %s stays text', (_where, change) => {
    const html = show(change);
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img');
  });
});
