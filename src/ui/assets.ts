import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { staticPlugin } from '@elysiajs/static';

const PREFIX = '/static';
const DAY_S = 86_400;

/** The address of an embedded file: it changes with its content, so that browsers may keep it. */
export type AssetUrl = (name: string) => string;

/** Reads the embedded folder once and answers the addresses of its files. */
export function readAssets(folder: string): AssetUrl {
  const versions = new Map(
    readdirSync(folder).map((name) => {
      const digest = createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex');
      return [name, digest.slice(0, 12)];
    }),
  );
  return (name) => `${PREFIX}/${name}?v=${versions.get(name) ?? ''}`;
}

/** Serves the embedded folder. */
export function assetRoutes(folder: string) {
  return staticPlugin({
    assets: folder,
    prefix: PREFIX,
    alwaysStatic: true,
    indexHTML: false,
    maxAge: 30 * DAY_S,
    silent: true,
    headers: { 'x-content-type-options': 'nosniff' },
  });
}
