/** @jsxImportSource preact */
import { Elysia } from 'elysia';
import { AdminError } from '../../admin/admin-error.ts';
import { Layout } from '../layout.tsx';
import type { UiParts } from '../parts.ts';
import { redirect, renderFragment, renderPage, wantsFragment } from '../render.ts';
import { EMPTY_FORM, type FormState, inputOf, readForm } from './form.ts';
import { AccountsPage, type AccountsView } from './view.tsx';

const PATH = '/ui';

/** The page of accounts and its actions. */
export function accountsPage(parts: UiParts) {
  const show = (request: Request, state: { form?: FormState; notice?: string; status?: number } = {}) => {
    const view = readView(parts, state);
    const page = <AccountsPage view={view} />;
    if (wantsFragment(request)) return renderFragment(page, state.status);
    const frame = { title: parts.texts.pages.accounts, texts: parts.texts, asset: parts.asset };
    return renderPage(<Layout frame={frame}>{page}</Layout>, state.status);
  };
  const done = (request: Request, notice?: string) =>
    wantsFragment(request) || notice !== undefined
      ? show(request, notice === undefined ? {} : { notice })
      : redirect(PATH);
  const enter = (request: Request, server: Caller, act: () => Response | Promise<Response>) =>
    parts.enter(request, server?.requestIP(request)?.address, act);
  return new Elysia({ name: 'ui-accounts' })
    .get(PATH, ({ request, server }) => enter(request, server, () => show(request)), { parse: 'none' })
    .get('/ui/accounts', ({ request, server }) => enter(request, server, () => show(request)), { parse: 'none' })
    .post('/ui/accounts', ({ request, server }) => enter(request, server, () => addAccount(parts, request, show)), {
      parse: 'none',
    })
    .post(
      '/ui/accounts/environment',
      ({ request, server }) =>
        enter(request, server, async () => {
          const { items } = await parts.importAccounts({ env: true });
          const words = items.map(({ name, message, test }) =>
            `${name}: ${message} ${test?.error?.message ?? ''}`.trim(),
          );
          return show(request, { notice: words.length === 0 ? parts.texts.offer.none : words.join(' ') });
        }),
      { parse: 'none' },
    )
    .post(
      '/ui/accounts/:id/:action',
      ({ request, params, server }) =>
        enter(request, server, async () => {
          try {
            return done(request, await act(parts, params.id, params.action, request.signal));
          } catch (thrown) {
            return show(request, { notice: messageOf(thrown) });
          }
        }),
      { parse: 'none' },
    )
    .post(
      '/ui/service/:action',
      ({ request, params, server }) =>
        enter(request, server, () => {
          try {
            if (params.action === 'start') parts.service.start();
            else if (params.action === 'stop') parts.service.stop();
            return done(request);
          } catch (thrown) {
            return show(request, { notice: messageOf(thrown) });
          }
        }),
      { parse: 'none' },
    );
}

/** The part of a server that knows who is at the other end. */
type Caller = { requestIP(request: Request): { readonly address: string } | null } | null;

type Show = (request: Request, state: { form?: FormState; notice?: string; status?: number }) => Response;

async function addAccount(parts: UiParts, request: Request, show: Show): Promise<Response> {
  const { body, values } = readForm(new URLSearchParams(await request.text()));
  try {
    const account = await parts.addAccount({ ...body, test: true });
    return show(request, { notice: parts.texts.form.added(account.name, account.test) });
  } catch (thrown) {
    if (!(thrown instanceof AdminError)) throw thrown;
    const wrong = inputOf(thrown.field);
    const form = { values, message: thrown.message, ...(wrong === undefined ? {} : { wrong }) };
    return show(request, { form, status: thrown.status });
  }
}

async function act(parts: UiParts, id: string, action: string, signal: AbortSignal): Promise<string | undefined> {
  const { accounts, checks, texts } = parts;
  switch (action) {
    case 'enable':
    case 'disable':
      accounts.patch(id, { enabled: action === 'enable' });
      return undefined;
    case 'clear-cooldown':
      accounts.clearCooldown(id);
      return undefined;
    case 'remove':
      accounts.remove(id);
      return undefined;
    case 'test': {
      const result = await checks.test(id, signal);
      return result.error?.message ?? texts.accounts.testGood(result.models?.length);
    }
    default:
      throw new AdminError('not_found', `There is no action "${action}".`, { status: 404 });
  }
}

function readView(parts: UiParts, state: { form?: FormState; notice?: string }): AccountsView {
  return {
    texts: parts.texts,
    service: parts.service.get(),
    accounts: parts.accounts.list().items,
    form: state.form ?? EMPTY_FORM,
    offered: parts.offeredAccounts().map(({ variable }) => variable),
    ...(state.notice === undefined ? {} : { notice: state.notice }),
  };
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof AdminError) return thrown.message;
  throw thrown;
}
