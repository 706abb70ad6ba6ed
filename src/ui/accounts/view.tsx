/** @jsxImportSource preact */
import type { AccountItem } from '../../admin/account-item.ts';
import type { ServiceItem } from '../../admin/service.ts';
import type { Texts } from '../locales/en.ts';
import { AddAccountForm } from './add-form.tsx';
import type { FormState } from './form.ts';

/** Everything the page shows. */
export interface AccountsView {
  readonly texts: Texts;
  readonly service: ServiceItem;
  readonly accounts: readonly AccountItem[];
  readonly form: FormState;
  /** Variables of the environment whose accounts are not here yet. Absent: none. */
  readonly offered?: readonly string[];
  /** A sentence about what was just done. */
  readonly notice?: string;
}

const SHOWN_MODELS = 3;

/** The first page: whether the gateway runs, the accounts and their status, and a form for one more. */
export function AccountsPage({ view }: { readonly view: AccountsView }) {
  const { texts } = view;
  return (
    <div id="page">
      <ServicePanel view={view} />
      {view.notice === undefined ? null : (
        <p class="notice" role="status">
          {view.notice}
        </p>
      )}
      <section aria-labelledby="accounts-heading">
        <h1 id="accounts-heading">{texts.accounts.heading}</h1>
        {view.accounts.length === 0 ? <p>{texts.accounts.none}</p> : <AccountList view={view} />}
      </section>
      {view.offered === undefined || view.offered.length === 0 ? null : <Offer view={view} variables={view.offered} />}
      <AddAccountForm texts={texts} form={view.form} />
      {view.accounts.some((account) => account.provider === 'echo') ? <TryIt view={view} /> : null}
    </div>
  );
}

function Offer({ view, variables }: { readonly view: AccountsView; readonly variables: readonly string[] }) {
  const { texts } = view;
  return (
    <section class="panel" aria-labelledby="offer-heading">
      <h2 id="offer-heading">{texts.offer.heading}</h2>
      <p>
        <code>{variables.join(', ')}</code>
      </p>
      <form method="post" action="/ui/accounts/environment">
        <button type="submit">{texts.offer.submit(variables.length)}</button>
      </form>
    </section>
  );
}

function ServicePanel({ view }: { readonly view: AccountsView }) {
  const { service, texts } = view;
  const runs = service.state === 'running';
  const action = runs ? 'stop' : 'start';
  return (
    <section class="panel service" aria-label={texts.service.address}>
      <p>
        <span class={`badge ${runs ? 'good' : 'bad'}`}>{texts.service[service.state]}</span>{' '}
        {texts.service.active(service.active_accounts)}
      </p>
      <p>
        {texts.service.address}: <code>{service.address}</code>
      </p>
      <form method="post" action={`/ui/service/${action}`}>
        <button type="submit">{texts.service[action]}</button>
      </form>
    </section>
  );
}

function AccountList({ view }: { readonly view: AccountsView }) {
  return (
    <ul class="accounts">
      {view.accounts.map((account) => (
        <AccountCard key={account.id} account={account} texts={view.texts} />
      ))}
    </ul>
  );
}

const TONES: { readonly [S in AccountItem['status']['state']]: string } = {
  ready: 'good',
  cooling: 'warn',
  exhausted: 'warn',
  invalid: 'bad',
  forbidden: 'bad',
  disabled: 'quiet',
};

function AccountCard({ account, texts }: { readonly account: AccountItem; readonly texts: Texts }) {
  const shown = account.models.slice(0, SHOWN_MODELS);
  const more = account.models.length - shown.length;
  return (
    <li id={account.id} class="panel account">
      <div>
        <h2>{account.name}</h2>
        <p class="hint">{account.provider}</p>
      </div>
      <div>
        <span class={`badge ${TONES[account.status.state]}`}>{account.status.state}</span>
        <StatusWords account={account} texts={texts} />
      </div>
      <p class="hint">
        {shown.length === 0 ? texts.accounts.modelsUnknown : shown.join(', ')}
        {more > 0 ? ` ${texts.accounts.moreModels(more)}` : ''}
      </p>
      <div class="actions">
        <AccountActions account={account} texts={texts} />
      </div>
    </li>
  );
}

function StatusWords({ account, texts }: { readonly account: AccountItem; readonly texts: Texts }) {
  const { status, last_error: last } = account;
  const words = texts.accounts;
  const isNews = last !== null && status.state !== 'ready' && !status.reason?.includes(last.message);
  return (
    <>
      {status.reason === null ? null : <p>{status.reason}</p>}
      <p class="hint">
        {status.since === null ? null : <Moment word={words.since} at={status.since} />}
        {status.until === null ? null : <Moment word={words.until} at={status.until} />}
      </p>
      {status.advice === null ? null : <p class="hint">{status.advice}</p>}
      {isNews ? (
        <p class="hint">
          {words.lastError}: {last.message}
        </p>
      ) : null}
    </>
  );
}

/** A time to the minute; the exact one is in its attribute. */
function Moment({ word, at }: { readonly word: string; readonly at: string }) {
  return (
    <>
      {word} <time dateTime={at}>{`${at.slice(0, 16).replace('T', ' ')} UTC`}</time>{' '}
    </>
  );
}

function AccountActions({ account, texts }: { readonly account: AccountItem; readonly texts: Texts }) {
  const words = texts.accounts;
  const { state, models } = account.status;
  const isHeldBack = (state !== 'ready' && state !== 'disabled') || models.length > 0;
  const actions = [
    ['test', words.test],
    ...(isHeldBack ? [['clear-cooldown', words.clear] as const] : []),
    account.enabled ? ['disable', words.disable] : ['enable', words.enable],
  ] as const;
  return (
    <>
      {actions.map(([action, label]) => (
        <form key={action} method="post" action={`/ui/accounts/${account.id}/${action}`}>
          <button type="submit" aria-label={`${label}: ${account.name}`}>
            {label}
          </button>
        </form>
      ))}
      <form
        method="post"
        action={`/ui/accounts/${account.id}/remove`}
        hx-post={`/ui/accounts/${account.id}/remove`}
        hx-confirm={words.confirmRemove(account.name)}
        hx-target="#page"
        hx-swap="outerHTML"
      >
        <button type="submit" class="danger" aria-label={`${words.remove}: ${account.name}`}>
          {words.remove}
        </button>
      </form>
    </>
  );
}

function TryIt({ view }: { readonly view: AccountsView }) {
  const { texts, service } = view;
  const example = [
    `curl ${service.address}/v1/chat/completions \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '{"model":"trivium-echo","messages":[{"role":"user","content":"Hello"}]}'`,
  ].join('\n');
  return (
    <section aria-labelledby="try-heading">
      <h2 id="try-heading">{texts.tryIt.heading}</h2>
      <p>{texts.tryIt.text}</p>
      <pre>
        <code>{example}</code>
      </pre>
    </section>
  );
}
