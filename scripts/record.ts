import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Account, PROVIDER_IDS, type ProviderId } from '../src/base/account.ts';
import { type JsonObject, tryParseJson } from '../src/base/json.ts';
import { maskText } from '../src/base/mask-text.ts';
import { Secret } from '../src/base/secret.ts';
import { isDialectId } from '../src/translate/dialect-id.ts';
import { baseUrlOf } from '../src/upstream/endpoint.ts';
import { ownHeaders } from '../src/upstream/headers.ts';
import { PROVIDERS } from '../src/upstream/registry.ts';
import { writeCompactJson } from '../test/support/compact-json.ts';
import { findScenario, readClientRequest } from '../test/support/scenario-recording.ts';

const USAGE = `Records what a real service answers to the request of a scenario, whole and streamed, in test/recordings.

  bun run scripts/record.ts --scenario NAME --dialect D --provider P --model M --key-env VARIABLE --page URL [--base-url URL]

  --key-env   the name of the environment variable that holds the API key
  --page      the page of the service's reference that describes the answer

Keys, e-mail addresses and ids of organisations and projects are taken out. Read the files before you commit them.`;

/** Headers of an error that its translation depends on. */
const KEPT_HEADERS = /^(content-type|retry-after(-ms)?|x-should-retry|(x|anthropic)-ratelimit-.*)$/;

/** Ids that name who asked. */
const OWN_IDS = /\b(org-|proj_|user-|acct_|projects\/)[A-Za-z0-9]{10,}/g;

const { values } = parseArgs({
  options: {
    scenario: { type: 'string' },
    dialect: { type: 'string' },
    provider: { type: 'string' },
    model: { type: 'string' },
    'key-env': { type: 'string' },
    page: { type: 'string' },
    'base-url': { type: 'string' },
  },
});

await record();

async function record(): Promise<void> {
  const scenario = findScenario(need('scenario'));
  const dialect = need('dialect');
  const model = need('model');
  if (!isDialectId(dialect)) fail(`There is no dialect ${dialect}.`);
  const request = readClientRequest(scenario, dialect);
  if (request === undefined) fail(`The scenario ${scenario.name} has no request in this dialect: write one first.`);
  const folder = join(import.meta.dir, '..', 'test', 'recordings', dialect, scenario.name);

  const body: JsonObject = { ...JSON.parse(request.body), ...(dialect === 'gemini' ? {} : { model }) };
  const about = {
    made: `recorded with scripts/record.ts at ${need('provider')}`,
    after: [need('page')],
    date: today(),
    model,
  };
  const whole = await send(dialect, body, false);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'response.json'), format(whole.text));
  if (whole.status !== 200) {
    writeFileSync(join(folder, 'about.json'), format({ ...about, status: whole.status, headers: whole.headers }));
    console.log(`recorded an error of status ${whole.status} in ${folder}`);
    return;
  }
  const stream = await send(dialect, body, true);
  writeFileSync(join(folder, 'stream.sse'), stream.text);
  writeFileSync(join(folder, 'about.json'), format(about));
  console.log(`recorded in ${folder}; read it before you commit it`);
}

interface Recorded {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly text: string;
}

async function send(dialect: Parameters<typeof ownHeaders>[0], body: JsonObject, stream: boolean): Promise<Recorded> {
  const account = makeAccount();
  const provider = PROVIDERS[account.provider];
  const endpoint = provider?.endpoints.find((one) => one.dialect === dialect);
  if (provider === undefined || endpoint === undefined) fail(`${account.provider} does not speak ${dialect}.`);
  const url = endpoint.url({ baseUrl: baseUrlOf(provider, account), model: need('model'), stream });
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      ...ownHeaders(dialect, stream),
      'content-type': 'application/json',
      ...provider.authorize(account, dialect),
    },
    body: JSON.stringify(dialect === 'gemini' ? body : { ...body, stream }),
  });
  const headers = [...response.headers].filter(([name]) => KEPT_HEADERS.test(name));
  return { status: response.status, headers: Object.fromEntries(headers), text: clean(await response.text()) };
}

function makeAccount(): Account {
  const provider = need('provider');
  const key = process.env[need('key-env')];
  if (!PROVIDER_IDS.includes(provider as ProviderId)) fail(`There is no provider ${provider}.`);
  if (key === undefined || key === '') fail(`The environment variable ${need('key-env')} is empty.`);
  return {
    id: 'acc_recording0',
    name: 'recording',
    provider: provider as ProviderId,
    credential: { type: 'api_key', apiKey: new Secret(key) },
    ...(values['base-url'] === undefined ? {} : { baseUrl: values['base-url'] }),
    models: [],
    modelsFixed: false,
    dialects: [],
    enabled: true,
    priority: 0,
    weight: 1,
    createdAt: 0,
  };
}

/** A text without the key and without what names its owner. */
function clean(text: string): string {
  const key = process.env[need('key-env')] ?? '';
  return maskText(text.replaceAll(key, 'KEY')).replace(OWN_IDS, '$1removed');
}

function format(value: string | JsonObject): string {
  const json = typeof value === 'string' ? tryParseJson(value) : value;
  return json === undefined ? String(value) : writeCompactJson(json, 120);
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function need(name: keyof typeof values): string {
  return values[name] ?? fail(`--${name} is missing.\n\n${USAGE}`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
