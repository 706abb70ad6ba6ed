import { existsSync } from 'node:fs';
import { systemClock } from './base/clock.ts';
import { silentLog } from './base/log.ts';
import { databaseFile } from './config/paths.ts';
import { type RawSettings, type ResolvedSettings, resolveSettings } from './config/resolve.ts';
import { embeddedFolder } from './embedded.ts';
import { openStores } from './open-stores.ts';

/** The settings as a running gateway would see them, for commands that only look. Makes no data folder. */
export async function openSettings(
  flags: RawSettings,
): Promise<{ readonly resolved: ResolvedSettings; readonly stored: RawSettings }> {
  const first = resolveSettings({ flags });
  if (!existsSync(databaseFile(first.values.data_dir))) return { resolved: first, stored: {} };
  const ports = { clock: systemClock, log: silentLog, migrationsFolder: embeddedFolder('migrations') };
  const stores = await openStores(first, ports);
  try {
    const stored = stores.settings.read();
    return { resolved: resolveSettings({ flags, stored }), stored };
  } finally {
    stores.close();
  }
}
