import { prepareFirstRun } from './admin/first-run.ts';
import { createSettingsAdmin, type SettingsAdmin } from './admin/settings.ts';
import { type Clock, systemClock } from './base/clock.ts';
import { createLog, type Log } from './base/log.ts';
import type { Flags } from './cli/command-line.ts';
import type { RunningGateway } from './cli/serve.ts';
import { type Core, type CoreParts, composeCore } from './compose.ts';
import { composeAdmin } from './compose-admin.ts';
import { composeUi } from './compose-ui.ts';
import { effectiveAuthMode, listenHost } from './config/exposure.ts';
import { type ResolvedSettings, resolveSettings } from './config/resolve.ts';
import type { Settings } from './config/settings.ts';
import { embeddedFolder } from './embedded.ts';
import { type Listener, lanUrls, listen } from './listen.ts';
import { openStores, type Stores } from './open-stores.ts';
import { createAnswerStoredResponse } from './relay/answer-stored-response.ts';
import { createCountTokens } from './relay/count-tokens.ts';
import { createRelay } from './relay/relay.ts';
import { type AdminParts, createAdminRoutes } from './routes/admin/index.ts';
import { type ClientApi, createClientApi } from './routes/client-api.ts';
import { createApp } from './routes/index.ts';
import { createMetricsRoute } from './routes/metrics.ts';
import { oauthCallback } from './routes/oauth-callback.ts';
import { startRetention } from './store/retention.ts';
import { PROVIDERS } from './upstream/registry.ts';
import { VERSION } from './version.ts';

const GRACE_MS = 10_000;

/** Starts the gateway: settings, data folder, parts, listening. Throws `SettingError`, `StoreError` and `BindError`. */
export async function startGateway(flags: Flags): Promise<RunningGateway> {
  const clock = systemClock;
  const first = resolveSettings({ flags });
  const log = createLog(first.values.log_level, clock.now);
  const stores = await openStores(first, {
    clock,
    log,
    migrationsFolder: embeddedFolder('migrations'),
  });
  try {
    return await assemble(flags, { stores, clock, log });
  } catch (thrown) {
    stores.close();
    throw thrown;
  }
}

async function assemble(flags: Flags, base: { stores: Stores; clock: Clock; log: Log }): Promise<RunningGateway> {
  const { stores, clock, log } = base;
  const echoModels = PROVIDERS.echo?.knownModels ?? [];
  prepareFirstRun({ ...stores, echoModels, now: clock.now() });
  const initial = resolveSettings({ flags, stored: stores.settings.read() });
  let listener: Listener | undefined;
  let composed: Core | undefined;
  const settingsAdmin = createSettingsAdmin({
    initial,
    store: stores.settings,
    resolve: (stored) => resolveSettings({ flags, stored }),
    apply: async (next) => {
      await moveListener(listener, next);
      composed?.redispatch(next.values.dispatch);
    },
  });
  const settings = () => settingsAdmin.current().values;
  const parts: CoreParts = { stores, settings, clock, log };
  const core = composeCore(parts);
  composed = core;
  const admin = composeAdmin(parts, core, { settings: settingsAdmin, address: () => urlOf(listener) });
  const app = await createApp({
    clientApi: composeClientApi(parts, core, admin),
    originPolicy: () => ({
      allowLan: settings().allow_lan_access,
      allowedHosts: settings().allowed_hosts,
      allowedOrigins: settings().allowed_origins,
    }),
    plugins: async () => [
      createAdminRoutes(admin),
      oauthCallback(admin.signIns),
      createMetricsRoute(admin),
      ...(await composeUi(admin)),
    ],
  });
  listener = listen(app, listenHost(settings()), settings().port);
  const stopRetention = startRetention({
    ...stores,
    clock,
    log,
    limits: () => ({ days: settings().retention_days, megabytes: settings().max_log_mb }),
  });
  return describe({
    listener,
    settingsAdmin,
    core,
    notes: [...initial.ignored, ...noteOnPrices(stores)],
    stop: stopRetention,
    stores,
  });
}

function composeClientApi({ settings, clock, log }: CoreParts, core: Core, admin: AdminParts): ClientApi {
  return createClientApi({
    relay: createRelay(core.relayPorts),
    countTokens: createCountTokens({ ...core.relayPorts, ratios: core.tokenRatios }),
    storedResponse: createAnswerStoredResponse(core.relayPorts),
    models: core.models,
    clock,
    watchdog: core.relayPorts.watchdog,
    log,
    isRunning: admin.service.isRunning,
    keyPolicy: () => ({
      mode: effectiveAuthMode(settings()),
      apiKey: settings().api_key?.reveal() ?? '',
      findHolder: core.keyHolders.find,
    }),
    maxBodyBytes: () => settings().max_body_mb * 1024 * 1024,
  });
}

interface Assembled {
  readonly listener: Listener;
  readonly settingsAdmin: SettingsAdmin;
  readonly core: Core;
  readonly notes: readonly string[];
  readonly stop: () => void;
  readonly stores: Stores;
}

function describe({ listener, settingsAdmin, core, notes, stop, stores }: Assembled): RunningGateway {
  const { port } = listener.address();
  const settings: Settings = settingsAdmin.current().values;
  return {
    version: VERSION,
    url: urlOf(listener),
    uiUrl: `http://localhost:${port}/ui`,
    lanUrls: settings.allow_lan_access ? lanUrls(port) : [],
    accounts: core.accounts().length,
    dataFolder: settings.data_dir,
    notes,
    stop: async () => {
      await listener.close(GRACE_MS);
      stop();
      stores.close();
    },
  };
}

function moveListener(listener: Listener | undefined, next: ResolvedSettings): void {
  if (listener === undefined) return;
  const now = listener.address();
  const host = listenHost(next.values);
  // any free port was asked for, and one was found
  const port = next.values.port === 0 ? now.port : next.values.port;
  if (now.host !== host || now.port !== port) listener.move(host, port);
}

function urlOf(listener: Listener | undefined): string {
  return `http://127.0.0.1:${listener?.address().port ?? 0}`;
}

/** What the owner has to know of a file of prices that is passed over. */
function noteOnPrices({ prices }: Stores): readonly string[] {
  if (prices.fault === undefined) return [];
  return [
    `prices.json is passed over: ${prices.fault}. The prices of ${prices.catalog.date} in this program count instead.`,
  ];
}
