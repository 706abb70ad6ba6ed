import { parseArgs } from 'node:util';
import { flagOf, SETTING_KEYS } from '../config/settings.ts';
import { DIALECT_IDS, type DialectId, isDialectId } from '../translate/dialect-id.ts';
import { TRANSLATION_KINDS, type TranslationKind } from '../translate/translate-text.ts';
import { type AccountsOptions, readAccountsOptions } from './accounts-options.ts';

/** Raw values of settings from flags. */
export type Flags = { readonly [key: string]: string };

/** What the command line asks for. */
export type Command =
  | { readonly name: 'serve'; readonly flags: Flags }
  | { readonly name: 'translate'; readonly options: TranslateOptions }
  | { readonly name: 'translate-batch'; readonly strict: boolean }
  | { readonly name: 'accounts'; readonly options: AccountsOptions }
  | { readonly name: 'config'; readonly flags: Flags; readonly json: boolean }
  | { readonly name: 'health'; readonly flags: Flags }
  | { readonly name: 'conformance'; readonly json: boolean }
  | { readonly name: 'doctor'; readonly flags: Flags; readonly json: boolean; readonly password?: string }
  | { readonly name: 'help' }
  | { readonly name: 'version' }
  | { readonly name: 'wrong'; readonly message: string };

export interface TranslateOptions {
  readonly kind: TranslationKind;
  readonly from: DialectId;
  readonly to: DialectId;
  readonly model?: string;
  readonly stream?: boolean;
  /** The file with the client's original request. */
  readonly request?: string;
  readonly status?: number;
  readonly strict: boolean;
}

/** What the program can do, for people. */
export const USAGE = `trivium: one local gateway for OpenAI, Anthropic and Gemini clients

  trivium [serve]                       start the gateway and its web UI
  trivium accounts list [--json]        the accounts of the running gateway
  trivium accounts add --name N --provider P [--api-key K] [--base-url U] [--models A,B]
                                        without --api-key, the key is read from standard input
          [--client-id ID --client-secret S [--refresh-token T]]   a Google account, with your own client
          [--client-id ID --client-secret S --sign-in]   the same by signing in with a browser
          [--service-account FILE]      a service account at Vertex AI
  trivium accounts export [--passphrase P | --clear] > FILE
  trivium accounts import [FILE] [--passphrase P] [--replace] [--json]
          [--env]                       keys of the environment
          [--client-id ID --client-secret S]   every refresh token in any text
  trivium accounts remove|enable|disable|test NAME
          [--url URL] [--password P]    another gateway than this machine's; its admin password
  trivium translate request|response|stream|error --from D --to D
          [--model NAME] [--stream] [--request FILE] [--status N] [--strict]
                                        translate standard input to standard output
  trivium translate batch [--strict]    the same for JSON lines
  trivium config [--json]               every setting, its value and where it came from
  trivium health                        exit 0 when the gateway answers
  trivium doctor [--json] [--password P]
                                        look at port, exposure, key, data folder and every account, and say what
                                        to do; exit 1 when something cannot work
  trivium doctor --conformance [--json] run every translation scenario in this program: what each pair of
                                        dialects keeps, loses and refuses; exit 1 when one fails
  trivium --version | --help

  D is one of ${DIALECT_IDS.join(', ')}.
  Settings of "serve", "config", "health" and "doctor" are flags: ${SETTING_KEYS.flatMap((key) => flagOf(key) ?? []).join(' ')}
`;

/** Reads the words after the program's name. Never throws: what is wrong becomes a command that says so. */
export function readCommandLine(words: readonly string[]): Command {
  if (words.includes('--help') || words.includes('-h') || words[0] === 'help') return { name: 'help' };
  if (words[0] === '--version' || words[0] === '-v' || words[0] === 'version') return { name: 'version' };
  const first = words[0];
  try {
    if (first === undefined || first.startsWith('-')) return { name: 'serve', flags: readFlags(words).flags };
    return readNamed(first, words.slice(1));
  } catch (thrown) {
    return { name: 'wrong', message: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function readNamed(name: string, rest: readonly string[]): Command {
  switch (name) {
    case 'serve':
      return { name, flags: readFlags(rest).flags };
    case 'health':
      return { name, flags: readFlags(rest).flags };
    case 'config':
      return { name, ...readFlags(rest) };
    case 'accounts':
      return { name, options: readAccountsOptions(rest) };
    case 'translate':
      return readTranslate(rest);
    case 'doctor':
      return readDoctor(rest);
    default:
      return { name: 'wrong', message: `There is no command "${name}".` };
  }
}

function readFlags(words: readonly string[]): { flags: Flags; json: boolean } {
  const keys = SETTING_KEYS.filter((key) => flagOf(key) !== undefined);
  const isSwitch = (key: string) => key === 'allow_lan_access' || key === 'allow_open_lan';
  const options = Object.fromEntries(keys.map((key) => [flagOf(key)!.slice(2), { type: 'string' as const }]));
  // a switch may stand alone: --allow-lan-access means true
  const spelled = words.flatMap((word, at) => {
    const key = keys.find((candidate) => flagOf(candidate) === word);
    const bare = key !== undefined && isSwitch(key) && !/^(true|false|yes|no|on|off|0|1)$/i.test(words[at + 1] ?? '');
    return bare ? [`${word}=true`] : [word];
  });
  const { values } = parseArgs({ args: spelled, options: { ...options, json: { type: 'boolean' } }, strict: true });
  const flags: { [key: string]: string } = {};
  for (const key of keys) {
    const value = values[flagOf(key)!.slice(2) as keyof typeof values];
    if (typeof value === 'string') flags[key] = value;
  }
  return { flags, json: values.json === true };
}

function readDoctor(words: readonly string[]): Command {
  if (words.includes('--conformance')) {
    const options = { conformance: { type: 'boolean' }, json: { type: 'boolean' } } as const;
    const { values } = parseArgs({ args: [...words], options, strict: true });
    return { name: 'conformance', json: values.json === true };
  }
  const at = words.indexOf('--password');
  const password = at < 0 ? undefined : words[at + 1];
  if (at >= 0 && password === undefined) throw new Error('--password needs the admin password.');
  const flags = readFlags(at < 0 ? words : words.toSpliced(at, 2));
  return { name: 'doctor', ...flags, ...(password === undefined ? {} : { password }) };
}

const TRANSLATE_FLAGS = {
  from: { type: 'string' },
  to: { type: 'string' },
  model: { type: 'string' },
  stream: { type: 'boolean' },
  request: { type: 'string' },
  status: { type: 'string' },
  strict: { type: 'boolean' },
} as const;

function readTranslate(words: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: TRANSLATE_FLAGS,
    allowPositionals: true,
    strict: true,
  });
  const [kind, ...more] = positionals;
  if (more.length > 0) return { name: 'wrong', message: `"${more[0]}" is one word too many.` };
  const strict = values.strict === true;
  if (kind === 'batch') return { name: 'translate-batch', strict };
  const known = TRANSLATION_KINDS.find((candidate) => candidate === kind);
  if (known === undefined) {
    return { name: 'wrong', message: `"translate" needs one of ${TRANSLATION_KINDS.join(', ')} or batch.` };
  }
  const { from, to, model, stream, request } = values;
  if (!isDialectId(from)) return { name: 'wrong', message: `--from must be one of ${DIALECT_IDS.join(', ')}.` };
  if (!isDialectId(to)) return { name: 'wrong', message: `--to must be one of ${DIALECT_IDS.join(', ')}.` };
  const status = values.status === undefined ? undefined : Number(values.status);
  if (status !== undefined && !(Number.isInteger(status) && status >= 100 && status <= 599)) {
    return { name: 'wrong', message: '--status must be an HTTP status, such as 429.' };
  }
  return {
    name: 'translate',
    options: {
      kind: known,
      from,
      to,
      strict,
      ...(model === undefined ? {} : { model }),
      ...(stream === undefined ? {} : { stream }),
      ...(request === undefined ? {} : { request }),
      ...(status === undefined ? {} : { status }),
    },
  };
}
