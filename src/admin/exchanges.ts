import type { Account } from '../base/account.ts';
import type { ClientKey } from '../base/client-key.ts';
import type { RunningExchange, RunningExchanges } from '../relay/running-exchanges.ts';
import type { ExchangeQuery, ExchangeStore } from '../store/exchanges.ts';
import { AdminError, notFound, wrongField } from './admin-error.ts';
import {
  type ExchangeDetail,
  type ExchangeItem,
  type Known,
  showExchange,
  showExchangeDetail,
} from './exchange-item.ts';
import { type Page, wholePage } from './read-fields.ts';
import { type QueryWords, readTime } from './read-query.ts';

/** What an owner can see of past exchanges. */
export interface ExchangesAdmin {
  /**
   * The newest first. Filters: `status` (`404`, `4xx`, `error`), `verdict`, `account` and `client_key` (id or name), `model`, `dialect`, `from`,
   * `to`, `q`; then `limit` (at most 500) and `cursor`. Throws `AdminError`.
   */
  list(query: QueryWords): Page<ExchangeItem>;
  get(id: string): ExchangeDetail;
  /** Those that run now, the oldest first; their figures are those of this moment. */
  running(): Page<ExchangeItem>;
  /** Ends one that runs; answers it as it was. Throws `AdminError`. */
  stop(id: string): ExchangeItem;
  /** Calls `listener` with each exchange as it ends, until the answered function is called. */
  watch(listener: (exchange: ExchangeItem) => void): () => void;
}

/** What showing exchanges works with. */
export interface ExchangesParts {
  readonly store: Pick<ExchangeStore, 'list' | 'get' | 'watch'>;
  readonly accounts: () => readonly Account[];
  readonly clientKeys: () => readonly ClientKey[];
  readonly runningExchanges: RunningExchanges;
  readonly now: () => number;
}

const DEFAULT_LIMIT = 50;
const LARGEST_LIMIT = 500;

/** Makes the operations on exchanges. */
export function createExchangesAdmin(parts: ExchangesParts): ExchangesAdmin {
  const { store, accounts, clientKeys, runningExchanges, now } = parts;
  const readKnown = (): Known => ({ accounts: accounts(), clientKeys: clientKeys() });
  const showRunning = ({ soFar }: RunningExchange) =>
    showExchange({ ...soFar, durationMs: now() - soFar.at }, readKnown());
  return {
    list: (words) => {
      const known = readKnown();
      const query = readQuery(words, known);
      // One more than asked for tells whether there is a next page.
      const found = store.list({ ...query, limit: query.limit + 1 });
      const shown = found.slice(0, query.limit);
      const last = shown.at(-1);
      const next = found.length > query.limit && last !== undefined ? writeCursor(last.id) : null;
      return { items: shown.map((exchange) => showExchange(exchange, known)), next };
    },
    get: (id) => {
      const exchange = store.get(id);
      if (exchange === undefined) throw notFound(`request ${id}`);
      return showExchangeDetail(exchange, readKnown());
    },
    running: () => wholePage([...runningExchanges.values()].map(showRunning)),
    stop: (id) => {
      const found = runningExchanges.get(id);
      if (found === undefined) throw notRunning(store.get(id) !== undefined, id);
      const shown = showRunning(found);
      found.stop();
      return shown;
    },
    watch: (listener) => store.watch((exchange) => listener(showExchange(exchange, readKnown()))),
  };
}

function readQuery(words: QueryWords, { accounts, clientKeys }: Known): ExchangeQuery {
  const given = (name: string) => (words[name] === undefined || words[name] === '' ? undefined : words[name]);
  const account = given('account');
  const key = given('client_key');
  const from = readTime(given('from'), 'from');
  const to = readTime(given('to'), 'to');
  const cursor = given('cursor');
  const texts = { verdict: given('verdict'), model: given('model'), dialect: given('dialect'), text: given('q') };
  return {
    limit: readLimit(given('limit')),
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)),
    ...readStatus(given('status')),
    ...(account === undefined ? {} : { account: accounts.find((one) => one.name === account)?.id ?? account }),
    ...(key === undefined ? {} : { clientKey: clientKeys.find((one) => one.name === key)?.id ?? key }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(cursor === undefined ? {} : { after: readCursor(cursor) }),
  };
}

function notRunning(isKnown: boolean, id: string): AdminError {
  if (!isKnown) return notFound(`request ${id}`);
  return new AdminError('not_running', `The request ${id} has ended already.`, { status: 409 });
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > LARGEST_LIMIT) throw wrongField('limit', `a whole number from 1 to ${LARGEST_LIMIT}`);
  return limit;
}

function readStatus(text: string | undefined): Pick<ExchangeQuery, 'minStatus' | 'maxStatus'> {
  if (text === undefined) return {};
  if (text === 'error') return { minStatus: 400 };
  if (/^[1-5]xx$/i.test(text)) return { minStatus: Number(text[0]) * 100, maxStatus: Number(text[0]) * 100 + 99 };
  if (/^[1-5]\d\d$/.test(text)) return { minStatus: Number(text), maxStatus: Number(text) };
  throw wrongField('status', 'a status such as 429, a class such as 4xx, or error');
}

function writeCursor(id: string): string {
  return Buffer.from(id).toString('base64url');
}

function readCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!/^[\x21-\x7e]+$/.test(id)) throw wrongField('cursor', 'the "next" of an earlier page');
  return id;
}
