import { newShortId } from '../base/id.ts';
import { newApiKey } from '../config/api-key.ts';
import type { AccountStore } from '../store/accounts.ts';
import type { FactStore } from '../store/facts.ts';
import type { SettingStore } from '../store/settings.ts';

/** What a first start works with. */
export interface FirstRunParts {
  readonly accounts: AccountStore;
  readonly settings: SettingStore;
  readonly facts: FactStore;
  /** The models that the provider `echo` serves. */
  readonly echoModels: readonly string[];
  readonly now: number;
}

const DEMO_FACT = 'demo-account-made';
const DEMO_NAME = 'demo';

/** Makes what a new user needs before owning any key: a client key, and once ever the account `demo`, which may be deleted. */
export function prepareFirstRun(parts: FirstRunParts): void {
  const { settings, facts } = parts;
  if (settings.read().api_key === undefined) settings.change({ api_key: newApiKey() });
  if (facts.read(DEMO_FACT) !== undefined) return;
  makeDemo(parts);
  facts.write(DEMO_FACT, new Date(parts.now).toISOString());
}

function makeDemo({ accounts, echoModels, now }: FirstRunParts): void {
  // A start that was cut off between the two writes has made it already.
  const names = [...accounts.list(), ...accounts.unreadable()].map((one) => one.name.toLowerCase());
  if (names.includes(DEMO_NAME)) return;
  accounts.put({
    id: newShortId('acc'),
    name: DEMO_NAME,
    provider: 'echo',
    credential: { type: 'none' },
    models: echoModels,
    modelsFixed: false,
    dialects: [],
    enabled: true,
    priority: 0,
    weight: 1,
    note: 'Answers by itself, without any network, so that every client can be tried before owning a key.',
    createdAt: now,
  });
}
