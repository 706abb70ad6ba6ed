import { systemClock } from './base/clock.ts';
import { createLog } from './base/log.ts';
import type { Flags } from './cli/command-line.ts';
import type { RunningGateway } from './cli/serve.ts';
import { composeCore } from './compose.ts';
import { listenHost } from './config/exposure.ts';
import { resolveSettings } from './config/resolve.ts';
import { embeddedFolder } from './embedded.ts';
import { lanUrls, listen } from './listen.ts';
import { openStores } from './open-stores.ts';
import { createCountTokens } from './relay/count-tokens.ts';
import { createRelay } from './relay/relay.ts';
import { createClientApi } from './routes/client-api.ts';
import { createApp } from './routes/index.ts';
import { VERSION } from './version.ts';

const GRACE_MS = 10_000;

/** Starts the gateway: settings, data folder, parts, listening. Throws `SettingError`, `StoreError` and `BindError`. */
export async function startGateway(flags: Flags): Promise<RunningGateway> {
  const clock = systemClock;
  const first = resolveSettings({ flags });
  const log = createLog(first.values.log_level, clock.now);
  const stores = await openStores(first.values.data_dir, {
    clock,
    log,
    migrationsFolder: embeddedFolder('migrations'),
  });
  const resolved = resolveSettings({ flags, stored: stores.settings.read() });
  const settings = () => resolved.values;
  const core = composeCore({ stores, settings, clock, log });
  const clientApi = createClientApi({
    relay: createRelay(core.relayPorts),
    countTokens: createCountTokens(core.relayPorts),
    models: { list: core.offeredModels },
    clock,
    watchdog: core.relayPorts.watchdog,
    log,
    isRunning: () => true,
    keyPolicy: () => ({
      mode: settings().auth_mode,
      allowLan: settings().allow_lan_access,
      apiKey: settings().api_key?.reveal() ?? '',
    }),
    maxBodyBytes: () => settings().max_body_mb * 1024 * 1024,
  });
  const app = createApp({
    clientApi,
    originPolicy: () => ({
      allowLan: settings().allow_lan_access,
      allowedHosts: settings().allowed_hosts,
      allowedOrigins: settings().allowed_origins,
    }),
    plugins: [],
  });
  const listener = listen(app, listenHost(settings()), settings().port);
  const { port } = listener.address();
  return {
    version: VERSION,
    url: `http://127.0.0.1:${port}`,
    uiUrl: `http://localhost:${port}/ui`,
    lanUrls: settings().allow_lan_access ? lanUrls(port) : [],
    accounts: core.accounts().length,
    dataFolder: settings().data_dir,
    notes: resolved.ignored,
    stop: async () => {
      await listener.close(GRACE_MS);
      stores.close();
    },
  };
}
