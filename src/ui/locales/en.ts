import type { CheckResult } from '../../admin/account-checks.ts';

/** The texts of the UI in English; other languages have this type, so that a missing text does not compile. */
export const en = {
  product: 'Trivium',
  pages: { accounts: 'Accounts', conformance: 'Conformance', signIn: 'Sign in' },
  navigation: 'Pages',
  service: {
    running: 'running',
    stopped: 'stopped',
    start: 'Start',
    stop: 'Stop',
    address: 'Address for your clients',
    active: (count: number) => (count === 1 ? '1 active account' : `${count} active accounts`),
  },
  accounts: {
    heading: 'Accounts',
    none: 'There is no account yet. Add one below; until then nothing can answer.',
    since: 'since',
    until: 'until',
    lastError: 'Last error',
    test: 'Test',
    testGood: (count: number | undefined) => (count === undefined ? 'It works.' : `It works: ${count} models.`),
    clear: 'Clear cooldown',
    enable: 'Enable',
    disable: 'Disable',
    remove: 'Remove',
    confirmRemove: (name: string) => `Remove the account "${name}" with its credential?`,
    modelsUnknown: 'models not known yet',
    moreModels: (count: number) => `and ${count} more`,
  },
  form: {
    heading: 'Add an account',
    name: 'Name',
    nameHint: 'Clients can ask for it: name/model',
    provider: 'Provider',
    apiKey: 'API key',
    apiKeyHint: 'Stored sealed, never shown again',
    baseUrl: 'Base URL',
    baseUrlHint: 'Only for another address than the provider’s own',
    models: 'Models',
    modelsHint: 'Separated by commas; empty: asked from the provider',
    submit: 'Add account',
    added: (name: string, test?: CheckResult) => {
      const added = `The account "${name}" was added.`;
      if (test === undefined) return added;
      if (!test.ok) return `${added} It does not work yet: ${test.error?.message ?? ''}`;
      return test.models === undefined ? `${added} It works.` : `${added} It works: ${test.models.length} models.`;
    },
  },
  offer: {
    heading: 'Keys found in the environment',
    submit: (count: number) => (count === 1 ? 'Add this account' : `Add these ${count} accounts`),
    none: 'There was nothing to add.',
  },
  tryIt: {
    heading: 'Try it',
    text: 'The account “demo” answers without any key, so every client can be tried at once:',
  },
  conformance: {
    heading: 'Conformance',
    explanation:
      'What this program makes of each scenario when the client speaks one dialect and the upstream another. The program has run them itself. On a terminal:',
    client: 'The client speaks',
    upstream: 'upstream',
    scenario: 'Scenario',
    summary: (counts: { ok: number; losses: number; refused: number; failed: number }) =>
      `${counts.ok} ok, ${counts.losses} ok with losses, ${counts.refused} refused, ${counts.failed} failed`,
  },
  signIn: {
    heading: 'Sign in',
    password: 'Admin password or, from another machine, the API key',
    submit: 'Sign in',
    wrong: 'That password is wrong.',
    signOut: 'Sign out',
  },
};

/** The texts of one language. */
export type Texts = typeof en;
