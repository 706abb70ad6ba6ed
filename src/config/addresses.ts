/** Reads a host of the allow-list: a name, `*.name` or an IP address, in lower case and with any port taken off. */
export function readHost(raw: string): string | undefined {
  const given = raw.toLowerCase();
  if (/^[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*$/.test(given)) return `[${given}]`;
  const host = given.replace(/:\d+$/, '');
  if (/^\[[0-9a-f:.]+\]$/.test(host)) return host;
  const labels = host.replace(/^\*\./, '').split('.');
  return labels.every((label) => /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/.test(label)) ? host : undefined;
}

/** Reads an origin: scheme, host and port as a browser sends them, without a path. */
export function readOrigin(raw: string): string | undefined {
  const origin = raw.toLowerCase().replace(/\/$/, '');
  return /^[a-z][a-z0-9+.-]*:\/\/[^/\s?#@*]+$/.test(origin) ? origin : undefined;
}

/** Reads the URL of an outgoing proxy: `http`, `https` or `socks5`, with a host and no path. */
export function readProxyUrl(raw: string): string | undefined {
  const url = URL.parse(raw.trim());
  if (url === null || url.hostname === '') return undefined;
  if (!['http:', 'https:', 'socks5:', 'socks5h:'].includes(url.protocol)) return undefined;
  return url.pathname === '/' || url.pathname === '' ? raw.trim().replace(/\/$/, '') : undefined;
}

/** A proxy's URL as people may see it: without the password in it. */
export function maskProxyUrl(raw: string): string {
  const url = URL.parse(raw);
  if (url === null || url.password === '') return raw;
  return `${url.protocol}//${url.username}:…@${url.host}`;
}
