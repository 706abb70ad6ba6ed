import type { JsonObject } from '../../base/json.ts';

/** A resource of the admin API in one line. */
type Row = readonly [route: string, summary: string];

const ROWS: readonly Row[] = [
  ['GET /api/accounts', 'Lists the accounts with their status.'],
  ['POST /api/accounts', 'Adds an account; answers 201 with it, secrets masked.'],
  ['POST /api/accounts/import', 'Adds accounts from an export, a list, the environment or refresh tokens in a text.'],
  [
    'GET /api/accounts/export',
    'All accounts as one file, sealed with the passphrase of the header x-trivium-passphrase.',
  ],
  ['POST /api/accounts/export', 'The same, with the passphrase in the body.'],
  ['POST /api/accounts/sign-ins', 'Begins a sign-in at Google; answers the address that a browser is to open.'],
  ['GET /api/accounts/sign-ins/{id}', 'Whether the sign-in is done, and the account that it added.'],
  ['POST /api/accounts/sign-ins/callback', 'Takes the address that the browser was sent back to, as {"url"}.'],
  ['GET /api/accounts/environment', 'Accounts that the environment of the gateway has keys for.'],
  ['GET /api/accounts/{id}', 'One account.'],
  ['PATCH /api/accounts/{id}', 'Changes an account; a masked secret stays as it is.'],
  ['DELETE /api/accounts/{id}', 'Removes an account.'],
  ['POST /api/accounts/{id}/test', 'Tries the credential without using a model.'],
  ['POST /api/accounts/{id}/refresh', 'Asks the provider for its models anew.'],
  ['POST /api/accounts/{id}/clear-cooldown', 'Ends every rest and trouble of an account.'],
  ['GET /api/settings', 'Every setting, its value and where it came from.'],
  ['PATCH /api/settings', 'Changes all settings of the body or none.'],
  ['GET /api/aliases', 'Lists the aliases.'],
  ['PUT /api/aliases', 'Replaces the list of aliases.'],
  ['GET /api/client-keys', 'Lists the client keys with their limits and what they have used.'],
  ['POST /api/client-keys', 'Makes a client key; answers 201 with it, and only this answer shows it.'],
  ['GET /api/client-keys/{id}', 'One client key.'],
  ['PATCH /api/client-keys/{id}', 'Changes the name, limits, budget, expiry or models of a client key.'],
  ['DELETE /api/client-keys/{id}', 'Removes a client key.'],
  ['POST /api/resolve', 'Explains which accounts a model leads to, and why the others cannot serve.'],
  ['POST /api/translate', 'Translates one text, as `trivium translate batch` does for a line.'],
  ['GET /api/service', 'Whether the client API runs, and where.'],
  ['POST /api/service/start', 'Starts the client API; 409 when no account could serve.'],
  ['POST /api/service/stop', 'Stops the client API.'],
  ['GET /api/requests', 'Lists exchanges, the newest first; filters and a cursor.'],
  ['GET /api/requests/live', 'Finished exchanges as server-sent events.'],
  ['GET /api/requests/running', 'The requests that run now.'],
  ['POST /api/requests/{id}/stop', 'Ends a running request: its client gets an error, no other account is tried.'],
  ['GET /api/requests/{id}', 'One exchange with its attempts, bodies and losses.'],
  ['GET /api/stats', 'Sums of requests and tokens in hours or days.'],
  ['GET /metrics', 'The state of the program in the text format of Prometheus.'],
  ['POST /api/backup', 'Copies the database into the backup folder.'],
];

/** The admin API described in OpenAPI 3.1: https://spec.openapis.org/oas/v3.1.0 */
export const OPENAPI_PAGE: JsonObject = {
  openapi: '3.1.0',
  info: { title: 'Trivium admin API', version: '1' },
  security: [{ password: [] }, {}],
  components: { securitySchemes: { password: { type: 'http', scheme: 'bearer' } } },
  paths: Object.fromEntries(
    [...new Set(ROWS.map(([route]) => route.split(' ')[1]!))].map((path) => [path, describePath(path)]),
  ),
};

function describePath(path: string): JsonObject {
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
  const rows = ROWS.filter(([route]) => route.split(' ')[1] === path);
  return {
    ...(path.includes('{id}') ? { parameters: [id] } : {}),
    ...Object.fromEntries(
      rows.map(([route, summary]) => [route.split(' ')[0]!.toLowerCase(), describe(route, summary)]),
    ),
  };
}

function describe(route: string, summary: string): JsonObject {
  const takesBody =
    /^(?:POST \/api\/(?:accounts(?:\/(?:import|export|sign-ins(?:\/callback)?))?|client-keys|resolve|translate)$|PATCH|PUT)/.test(
      route,
    );
  const json = { 'application/json': { schema: { type: 'object' } } };
  return {
    summary,
    ...(takesBody ? { requestBody: { required: true, content: json } } : {}),
    responses: {
      [/^POST \/api\/(?:accounts|client-keys)$/.test(route) ? '201' : '200']: { description: 'Done.', content: json },
    },
  };
}
