import type { JsonObject } from '../base/json.ts';
import { asObject, asString, tryParseJson } from '../base/json.ts';
import type { Environment } from '../config/paths.ts';
import type { AccountsOptions } from './accounts-options.ts';
import type { Terminal } from './translate.ts';

/** Calls the admin API of the running gateway. */
export type CallAdmin = (
  url: string,
  init: { readonly method: string; readonly headers: { readonly [name: string]: string }; readonly body?: string },
) => Promise<Response>;

/** What `trivium accounts` works with. */
export interface AccountsPorts {
  /** The gateway's address, without a path. */
  readonly url: string;
  readonly terminal: Terminal;
  readonly call: CallAdmin;
  /** The variables of this shell. Absent: none. */
  readonly environment?: Environment;
}

/** A wish that the gateway did not grant; the message is for people. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** One run of `trivium accounts`. */
export interface Session extends AccountsPorts {
  readonly options: AccountsOptions;
}

/** The gateway's answer. Throws `Refused` with the gateway's own words. */
export async function ask(session: Session, method: string, path: string, body?: JsonObject): Promise<JsonObject> {
  const { url, call, options } = session;
  const headers = {
    'content-type': 'application/json',
    ...(options.password === undefined ? {} : { authorization: `Bearer ${options.password}` }),
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await call(`${url}/api/accounts${path}`, { method, headers, ...sent }).catch((thrown) => {
    throw new Refused(`${url} does not answer: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  });
  const answer = asObject(tryParseJson(await response.text())) ?? {};
  if (response.ok) return answer;
  const words = asString(asObject(answer.error)?.message) ?? `${url} answers ${response.status}.`;
  throw new Refused(response.status === 401 ? `${words} Here: --password.` : words);
}
