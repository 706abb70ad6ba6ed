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
        {view.accounts.length === 0 ? <p>{texts.accounts.none}</p> : <AccountsTable view={view} />}
      </section>
      <AddAccountForm texts={texts} form={view.form} />
      <TryIt view={view} />
    </div>
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

function AccountsTable({ view }: { readonly view: AccountsView }) {
  const { columns } = view.texts.accounts;
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{columns.name}</th>
            <th scope="col">{columns.provider}</th>
            <th scope="col">{columns.status}</th>
            <th scope="col">{columns.models}</th>
            <th scope="col">{columns.actions}</th>
          </tr>
        </thead>
        <tbody>
          {view.accounts.map((account) => (
            <AccountRow key={account.id} account={account} texts={view.texts} />
          ))}
        </tbody>
      </table>
    </div>
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

function AccountRow({ account, texts }: { readonly account: AccountItem; readonly texts: Texts }) {
  const { status } = account;
  const shown = account.models.slice(0, SHOWN_MODELS);
  const more = account.models.length - shown.length;
  return (
    <tr id={account.id}>
      <th scope="row">{account.name}</th>
      <td>{account.provider}</td>
      <td>
        <span class={`badge ${TONES[status.state]}`}>{status.state}</span>
        <StatusWords status={status} texts={texts} />
        {account.last_error === null || status.state === 'ready' ? null : (
          <p class="hint">
            {texts.accounts.lastError}: {account.last_error.message}
          </p>
        )}
      </td>
      <td>
        {shown.join(', ')}
        {more > 0 ? ` ${texts.accounts.moreModels(more)}` : ''}
      </td>
      <td class="actions">
        <AccountActions account={account} texts={texts} />
      </td>
    </tr>
  );
}

function StatusWords({ status, texts }: { readonly status: AccountItem['status']; readonly texts: Texts }) {
  const times = [
    ...(status.since === null ? [] : [`${texts.accounts.since} ${status.since}`]),
    ...(status.until === null ? [] : [`${texts.accounts.until} ${status.until}`]),
  ];
  const words = [status.reason, times.join(', '), status.advice].filter((text) => text !== null && text !== '');
  return words.length === 0 ? null : <p class="hint">{words.join(' · ')}</p>;
}

function AccountActions({ account, texts }: { readonly account: AccountItem; readonly texts: Texts }) {
  const words = texts.accounts;
  const actions = [
    ['test', words.test],
    ['clear-cooldown', words.clear],
    account.enabled ? ['disable', words.disable] : ['enable', words.enable],
  ] as const;
  return (
    <>
      {actions.map(([action, label]) => (
        <form key={action} method="post" action={`/ui/accounts/${account.id}/${action}`}>
          <button type="submit">{label}</button>
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
        <button type="submit" class="danger">
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
