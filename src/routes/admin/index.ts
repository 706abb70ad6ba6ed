import { Elysia } from 'elysia';
import type { AccountChecks, CheckResult } from '../../admin/account-checks.ts';
import { type Protection, readProtection } from '../../admin/account-file.ts';
import type { AccountItem } from '../../admin/account-item.ts';
import type { AccountsAdmin } from '../../admin/accounts.ts';
import { AdminError } from '../../admin/admin-error.ts';
import type { AliasesAdmin } from '../../admin/aliases.ts';
import type { ClientKeysAdmin } from '../../admin/client-keys.ts';
import type { ExchangesAdmin } from '../../admin/exchanges.ts';
import type { ImportResult } from '../../admin/import-accounts.ts';
import { wholePage } from '../../admin/read-fields.ts';
import type { ServiceAdmin } from '../../admin/service.ts';
import type { SettingsAdmin } from '../../admin/settings.ts';
import type { SignIns } from '../../admin/sign-ins.ts';
import { asObject, asString, tryParseJson } from '../../base/json.ts';
import type { Log } from '../../base/log.ts';
import type { EnvironmentAccount } from '../../config/environment-accounts.ts';
import type { AppPlugin } from '../index.ts';
import { readBody } from '../read-body.ts';
import type { Gate } from './access.ts';
import { liveExchanges } from './live-exchanges.ts';
import { OPENAPI_PAGE } from './openapi-page.ts';
import { respondAdmin } from './respond-admin.ts';

/** Everything an owner can do, as the admin API serves it. */
export interface AdminParts {
  readonly gate: Gate;
  readonly accounts: AccountsAdmin;
  /** Adds an account and asks its provider for the models it serves. */
  readonly addAccount: (body: unknown) => Promise<AccountItem & { readonly test?: CheckResult }>;
  readonly importAccounts: (body: unknown) => Promise<ImportResult>;
  readonly exportAccounts: (protection: Protection) => Promise<unknown>;
  readonly signIns: SignIns;
  /** Accounts that the environment of the gateway has keys for. */
  readonly offeredAccounts: () => readonly Omit<EnvironmentAccount, 'apiKey'>[];
  readonly checks: AccountChecks;
  readonly settings: SettingsAdmin;
  readonly aliases: AliasesAdmin;
  readonly clientKeys: ClientKeysAdmin;
  readonly service: ServiceAdmin;
  readonly exchanges: ExchangesAdmin;
  readonly explain: (body: unknown) => unknown;
  readonly translate: (body: unknown) => unknown;
  readonly stats: (query: { readonly [name: string]: string }) => unknown;
  readonly backup: () => unknown;
  /** The text that `GET /metrics` answers with. */
  readonly metrics: () => string;
  readonly log: Log;
}

/** One operation: from what the request holds to what is answered as JSON. */
type Operation = (visit: AdminVisit) => unknown;

interface AdminVisit {
  readonly request: Request;
  /** The `:id` of the path. */
  readonly id: string;
  readonly query: { readonly [name: string]: string };
  /** The parsed body. Throws `AdminError` when it is not JSON. */
  body(): Promise<unknown>;
}

/** Operations that answer 201 with what they have made. */
const CREATING: ReadonlySet<string> = new Set(['POST /accounts', 'POST /client-keys']);
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** The admin API under `/api`. */
export function createAdminRoutes(parts: AdminParts): AppPlugin {
  const app = new Elysia({ name: 'admin', prefix: '/api' });
  for (const [route, operation] of Object.entries(operations(parts))) {
    const [method, path] = route.split(' ') as [string, string];
    const status = CREATING.has(route) ? 201 : 200;
    app.route(
      method,
      path,
      ({ request, params, server }) =>
        respondAdmin(parts.log, status, async () => {
          await parts.gate.check(request, server?.requestIP(request)?.address);
          return operation(visitOf(request, (params as { id?: string } | undefined)?.id ?? ''));
        }),
      { parse: 'none' },
    );
  }
  return app.all(
    '/*',
    ({ request, server }) =>
      respondAdmin(parts.log, 404, async () => {
        await parts.gate.check(request, server?.requestIP(request)?.address);
        throw new AdminError('not_found', 'The admin API has no such resource; /api/openapi.json lists them.', {
          status: 404,
        });
      }),
    { parse: 'none' },
  ) as unknown as AppPlugin;
}

function operations(parts: AdminParts): { readonly [route: string]: Operation } {
  const { accounts, checks, settings, aliases, service, exchanges, clientKeys } = parts;
  return {
    'GET /accounts': () => accounts.list(),
    'POST /accounts': async ({ body }) => parts.addAccount(await body()),
    'POST /accounts/import': async ({ body }) => parts.importAccounts(await body()),
    'GET /accounts/export': ({ request, query }) =>
      parts.exportAccounts(
        readProtection(request.headers.get('x-trivium-passphrase') ?? undefined, query.clear === 'true'),
      ),
    'POST /accounts/export': async ({ body }) => {
      const wish = asObject(await body());
      return parts.exportAccounts(readProtection(asString(wish?.passphrase), wish?.clear === true));
    },
    'POST /accounts/sign-ins': async ({ body }) => parts.signIns.begin(await body()),
    'GET /accounts/sign-ins/:id': ({ id }) => parts.signIns.get(id),
    'POST /accounts/sign-ins/callback': async ({ body }) =>
      parts.signIns.finish(asString(asObject(await body())?.url) ?? ''),
    'GET /accounts/environment': () => wholePage(parts.offeredAccounts()),
    'GET /accounts/:id': ({ id }) => accounts.get(id),
    'PATCH /accounts/:id': async ({ id, body }) => accounts.patch(id, await body()),
    'DELETE /accounts/:id': ({ id }) => accounts.remove(id),
    'POST /accounts/:id/test': ({ id, request }) => checks.test(id, request.signal),
    'POST /accounts/:id/refresh': ({ id, request }) => checks.refresh(id, request.signal),
    'POST /accounts/:id/clear-cooldown': ({ id }) => accounts.clearCooldown(id),
    'GET /settings': () => settings.list(),
    'PATCH /settings': async ({ body }) => settings.patch(await body()),
    'GET /aliases': () => aliases.list(),
    'PUT /aliases': async ({ body }) => aliases.replace(await body()),
    'GET /client-keys': () => clientKeys.list(),
    'POST /client-keys': async ({ body }) => clientKeys.create(await body()),
    'GET /client-keys/:id': ({ id }) => clientKeys.get(id),
    'PATCH /client-keys/:id': async ({ id, body }) => clientKeys.patch(id, await body()),
    'DELETE /client-keys/:id': ({ id }) => clientKeys.remove(id),
    'POST /resolve': async ({ body }) => parts.explain(await body()),
    'POST /translate': async ({ body }) => parts.translate(await body()),
    'GET /service': () => service.get(),
    'POST /service/start': () => service.start(),
    'POST /service/stop': () => service.stop(),
    'GET /requests': ({ query }) => exchanges.list(query),
    'GET /requests/live': ({ request }) => liveExchanges(exchanges, request.signal),
    'GET /requests/running': () => exchanges.running(),
    'POST /requests/:id/stop': ({ id }) => exchanges.stop(id),
    'GET /requests/:id': ({ id }) => exchanges.get(id),
    'GET /stats': ({ query }) => parts.stats(query),
    'POST /backup': () => parts.backup(),
    'GET /openapi.json': () => OPENAPI_PAGE,
  };
}

function visitOf(request: Request, id: string): AdminVisit {
  return {
    request,
    id,
    query: Object.fromEntries(new URL(request.url).searchParams),
    body: async () => {
      const bytes = await readBody(request, MAX_BODY_BYTES);
      if (bytes.length === 0) return {};
      const parsed = tryParseJson(new TextDecoder().decode(bytes));
      if (parsed === undefined)
        throw new AdminError('not_json', 'The request body is not valid JSON.', { status: 400 });
      return parsed;
    },
  };
}
