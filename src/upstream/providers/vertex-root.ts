import type { Account } from '../../base/account.ts';
import { readServiceAccount } from '../../base/service-account.ts';
import { splitUrl } from '../join-url.ts';

/** Where models are served from when nobody named a place. */
const GLOBAL = 'global';

/**
 * The root of an account's URLs: `…/v1/projects/P/locations/L`. The base URL may name all of it, the host alone or nothing; the
 * project is then the service account's own, and the location the one in the host's name. An API key needs no project.
 * `undefined` when no project is known.
 */
export function vertexRoot(account: Account): string | undefined {
  const given = splitUrl(account.baseUrl ?? '').path.replace(/\/publishers(?:\/.*)?$/, '');
  const host = /^(https?:\/\/[^/]+)/i.exec(given)?.[1];
  const version = /\/(v\d+[a-z0-9]*)(?:\/|$)/.exec(given.slice(host?.length ?? 0))?.[1] ?? 'v1';
  const prefix = host === undefined ? '' : prefixOf(given.slice(host.length));
  const location = /\/locations\/([^/]+)/.exec(given)?.[1] ?? locationOf(host);
  const root = `${host ?? hostOf(location)}${prefix}/${version}`;
  const project = /\/projects\/([^/]+)/.exec(given)?.[1] ?? projectOf(account);
  if (project !== undefined) return `${root}/projects/${project}/locations/${location}`;
  return account.credential.type === 'api_key' ? root : undefined;
}

/** A root without version, project and location: lists of models have none of them. */
export function vertexHost(root: string): string {
  return root.replace(/\/v\d+[a-z0-9]*(?:\/projects\/.*)?$/, '');
}

/** What stands before the version: a server of one's own may put Vertex under a path. */
function prefixOf(path: string): string {
  return path.replace(/\/(?:v\d+[a-z0-9]*|projects)(?:\/.*)?$/, '');
}

function hostOf(location: string): string {
  return location === GLOBAL ? 'https://aiplatform.googleapis.com' : `https://${location}-aiplatform.googleapis.com`;
}

function locationOf(host: string | undefined): string {
  return /^https?:\/\/([a-z0-9-]+)-aiplatform\.googleapis\.com$/i.exec(host ?? '')?.[1] ?? GLOBAL;
}

function projectOf({ credential }: Account): string | undefined {
  return credential.type === 'service_account' ? readServiceAccount(credential.json.reveal())?.projectId : undefined;
}
