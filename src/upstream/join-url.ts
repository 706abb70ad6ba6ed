/** Resources whose whole address an owner may have given as the base URL, longest first. */
const RESOURCES = [
  '/responses/input_tokens',
  '/messages/count_tokens',
  '/chat/completions',
  '/completions',
  '/responses',
  '/messages',
];

/** A base that says its version itself, or stands where none belongs: only the resource follows. */
const ROOTED = /\/(?:v\d+(?:(?:alpha|beta)\d*)?|openai|openai\/deployments\/[^/]+)$/;
const DOUBLED_VERSION = /(\/v\d+(?:(?:alpha|beta)\d*)?)\1+(?=\/|$)/;

/**
 * The address of a resource under a base URL as owners write it: with or without the version, with slashes too many, or with
 * the whole path of a resource. A query of the base (Azure's `api-version`) stays.
 */
export function joinUrl(baseUrl: string, version: string, resource: string): string {
  const { path, query } = splitUrl(baseUrl);
  if (path.endsWith(resource)) return path + query;
  const whole = RESOURCES.find((known) => path.endsWith(known));
  if (whole !== undefined) return path.slice(0, -whole.length) + resource + query;
  return (ROOTED.test(path) ? path : `${path}/${version}`) + resource + query;
}

/** A base URL without the faults that joining leaves: doubled slashes and versions, a slash or a fragment at the end. */
export function splitUrl(baseUrl: string): { readonly path: string; readonly query: string } {
  const withoutFragment = baseUrl.trim().replace(/#.*$/s, '');
  const mark = withoutFragment.indexOf('?');
  const address = mark < 0 ? withoutFragment : withoutFragment.slice(0, mark);
  const path = address
    .replace(/(?<!^[a-z][a-z0-9+.-]*:)\/{2,}/gi, '/')
    .replace(/\/+$/, '')
    .replace(DOUBLED_VERSION, '$1');
  return { path, query: mark < 0 ? '' : withoutFragment.slice(mark) };
}

/** Adds a query parameter to an address that may have a query already. */
export function addQuery(url: string, parameter: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}${parameter}`;
}

/** The host of a URL in lower case, or `undefined` for text that is no URL. */
export function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
