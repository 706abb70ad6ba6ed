import { asObject, asObjects, asString, type JsonObject } from '../base/json.ts';
import type { DialectId } from './dialect-id.ts';
import type { Quirks } from './target.ts';

/** What an upstream said when it refused a request. */
export interface RefusalWords {
  readonly message: string;
  /** The field it names beside its message. */
  readonly param?: string;
}

/**
 * The optional field that an upstream refuses by name, as far as the body that it was sent has it: an outermost field of the
 * dialect, or one of `strict`, `developer`, `json_schema` and Gemini's fields of JSON Schema, which stand further in. `undefined`
 * when the words name none, or may mean a value that only the client can put right.
 */
export function refusedFieldIn(words: RefusalWords, sent: JsonObject, dialect: DialectId): string | undefined {
  const named = INNER.filter((inner) => inner.dialect === dialect && names(words, inner.words) && inner.isIn(sent));
  const outer = Object.keys(sent).filter((field) => !ESSENTIAL.has(field) && isRefused(words, field));
  const [first] = [
    ...named.map(({ name, words: aliases }) => ({ name, at: placeOf(words, aliases) })),
    ...outer.map((field) => ({ name: innerNameOf(field, sent), at: placeOf(words, aliasesOf(field)) })),
  ].sort((one, other) => one.at - other.at);
  return first?.name;
}

/** How a server that refused these fields deviates, on top of what was known of it. */
export function quirksWithout(known: Quirks, refused: readonly string[]): Quirks {
  const learnt: Quirks = Object.assign({}, known, ...refused.map((field) => QUIRK_OF[field]));
  // refused under both names, a limit cannot be told at all
  const isUnlimited = LIMITS.every((field) => refused.includes(field));
  const isGone = (field: string) =>
    QUIRK_OF[field] === undefined || field === 'output_config' || (isUnlimited && LIMITS.includes(field));
  const gone = refused.filter(isGone);
  return gone.length === 0 ? learnt : { ...learnt, refusedFields: [...(known.refusedFields ?? []), ...gone] };
}

const LIMITS: readonly string[] = ['max_tokens', 'max_completion_tokens'];

/** Refused fields that are more than left out. */
const QUIRK_OF: { readonly [field: string]: Quirks } = {
  stream_options: { streamUsage: false },
  strict: { strictTools: false },
  developer: { developerRole: false },
  max_completion_tokens: { maxTokensField: 'max_tokens' },
  max_tokens: { maxTokensField: 'max_completion_tokens' },
  tool_choice: { toolChoice: 'auto-only' },
  reasoning_effort: { reasoningControl: 'none' },
  thinkingConfig: { reasoningControl: 'none' },
  json_schema: { outputSchema: false },
  output_config: { outputSchema: false },
  stop: { maxStops: 0 },
};

/** What no server can do without, and what a request means nothing without. */
const ESSENTIAL: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'input',
  'contents',
  'prompt',
  'system',
  'systemInstruction',
  'instructions',
  'tools',
  'functions',
  'stream',
  'n',
  'store',
  'previous_response_id',
  'conversation',
  'generationConfig',
]);

/** Fields of which a server that names them at all says that it does not know them; of others it may mean the value. */
const UNWELCOME: ReadonlySet<string> = new Set([
  'stream_options',
  'parallel_tool_calls',
  'reasoning_effort',
  'tool_choice',
  'response_format',
]);

const REFUSAL =
  /not (?:currently |yet )?(?:support|permit|allow|accept|implement|recogni|know|valid)|(?:does|do|can)(?:n't| ?not) (?:support|accept|allow|use)|unsupported|unknown|unrecogni[sz]ed|unexpected|extra (?:input|field)|additional propert|no such|cannot find field|invalid (?:param|arg|field|name|key)/i;

/** Other words that servers have for a field. */
const ALIASES: { readonly [field: string]: readonly string[] } = {
  stream_options: ['include_usage'],
  response_format: ['json_schema', 'json_object'],
  // https://docs.ollama.com/capabilities/thinking
  reasoning_effort: ['support thinking'],
};

/** A field that does not stand outermost. */
interface Inner {
  readonly name: string;
  readonly dialect: DialectId;
  readonly words: readonly string[];
  isIn(body: JsonObject): boolean;
}

/** Words that a server which is sent such a thing uses of nothing else. */
const ANY_SENSE: ReadonlySet<string> = new Set(['strict', 'developer']);

const INNER: readonly Inner[] = [
  { name: 'strict', dialect: 'openai-chat', words: ['strict'], isIn: isStrict },
  {
    name: 'developer',
    dialect: 'openai-chat',
    words: ['developer'],
    isIn: (body) => asObjects(body.messages).some(({ role }) => role === 'developer'),
  },
  {
    name: 'parametersJsonSchema',
    dialect: 'gemini',
    words: ['parametersJsonSchema', 'parameters_json_schema'],
    isIn: (body) => declarationsIn(body).some((declaration) => declaration.parametersJsonSchema !== undefined),
  },
  {
    name: 'thinkingConfig',
    dialect: 'gemini',
    words: ['thinkingConfig', 'thinking_config'],
    isIn: (body) => asObject(body.generationConfig)?.thinkingConfig !== undefined,
  },
  {
    name: 'responseJsonSchema',
    dialect: 'gemini',
    words: ['responseJsonSchema', 'response_json_schema'],
    isIn: (body) => asObject(body.generationConfig)?.responseJsonSchema !== undefined,
  },
];

/** Functions that a body in Gemini's dialect declares. */
function declarationsIn(body: JsonObject): readonly JsonObject[] {
  return asObjects(body.tools).flatMap((tool) => asObjects(tool.functionDeclarations));
}

function isStrict(body: JsonObject): boolean {
  const schema = asObject(asObject(body.response_format)?.json_schema);
  const tools = asObjects(body.tools).map((tool) => asObject(tool.function));
  return schema?.strict !== undefined || tools.some((definition) => definition?.strict !== undefined);
}

/** A server that refuses schemas may know JSON without one. */
function innerNameOf(field: string, sent: JsonObject): string {
  const isSchema = field === 'response_format' && asString(asObject(sent.response_format)?.type) === 'json_schema';
  return isSchema ? 'json_schema' : field;
}

function isRefused(words: RefusalWords, field: string): boolean {
  if (!names(words, aliasesOf(field))) return false;
  return UNWELCOME.has(field) || REFUSAL.test(words.message);
}

function aliasesOf(field: string): readonly string[] {
  return [field, ...(ALIASES[field] ?? [])];
}

function names(words: RefusalWords, aliases: readonly string[]): boolean {
  return placeOf(words, aliases) < Number.POSITIVE_INFINITY;
}

/** Where a field is named: before all text where it is named by itself. */
function placeOf({ message, param }: RefusalWords, aliases: readonly string[]): number {
  const places = aliases.map((alias) => {
    if (param !== undefined && rootOf(param) === alias) return -1;
    const at = patternOf(alias).exec(message)?.index;
    return at ?? Number.POSITIVE_INFINITY;
  });
  return Math.min(...places);
}

function rootOf(param: string): string {
  return param.replace(/^body\./, '').split(/[.[]/, 1)[0]!;
}

/** What may be a word of any sentence counts only in quotes, as the head of a path, or after what it is called. */
function patternOf(name: string): RegExp {
  if (ANY_SENSE.has(name)) return new RegExp(`\\b${name}\\b`, 'i');
  if (/[_ ]|[a-z][A-Z]/.test(name)) return new RegExp(`(?<![\\w.])(?:body\\.)?${name}(?!\\w)`, 'i');
  const called = '(?:parameter|argument|field|property|key|option|supplied)s?:? +';
  return new RegExp(`["'\`]${name}["'\`]|(?:^|body\\.)${name}(?=[:.[])|${called}${name}\\b`, 'i');
}
