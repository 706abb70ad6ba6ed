import type { DialectId } from '../translate/dialect-id.ts';
import type { SideDialect, SideOperationId } from '../translate/side/side-operation.ts';

/** What a path of the client API leads to. */
export type Endpoint =
  | { readonly operation: 'generate'; readonly dialect: DialectId }
  | { readonly operation: 'generate'; readonly dialect: 'gemini'; readonly model: string; readonly stream: boolean }
  | { readonly operation: 'count-tokens'; readonly dialect: 'anthropic-messages' | 'openai-responses' }
  | { readonly operation: 'count-tokens'; readonly dialect: 'gemini'; readonly model: string }
  | { readonly operation: 'side'; readonly dialect: SideDialect; readonly side: SideOperationId }
  | { readonly operation: 'side'; readonly dialect: 'gemini'; readonly side: SideOperationId; readonly model: string }
  | { readonly operation: 'list-models' }
  | { readonly operation: 'get-model'; readonly model: string }
  | { readonly operation: 'compact-response'; readonly dialect: 'openai-responses' }
  | {
      readonly operation: 'stored-response';
      readonly dialect: 'openai-responses';
      readonly id: string;
      readonly part?: 'input_items' | 'cancel';
    }
  | { readonly operation: 'health' };

/** Version and vendor words that people join into base URLs; they say nothing that the rest of the path does not. */
const PREFIX_WORDS = new Set([
  'v1',
  'v1beta',
  'v1beta1',
  'v1alpha',
  'openai',
  'anthropic',
  'gemini',
  'google',
  'claude',
  'beta',
]);

const FIXED: { readonly [path: string]: Endpoint } = {
  'chat/completions': { operation: 'generate', dialect: 'openai-chat' },
  completions: { operation: 'generate', dialect: 'openai-completions' },
  responses: { operation: 'generate', dialect: 'openai-responses' },
  messages: { operation: 'generate', dialect: 'anthropic-messages' },
  'messages/count_tokens': { operation: 'count-tokens', dialect: 'anthropic-messages' },
  'responses/input_tokens': { operation: 'count-tokens', dialect: 'openai-responses' },
  'responses/compact': { operation: 'compact-response', dialect: 'openai-responses' },
  embeddings: { operation: 'side', dialect: 'openai-chat', side: 'embeddings' },
  'images/generations': { operation: 'side', dialect: 'openai-chat', side: 'images' },
  'images/edits': { operation: 'side', dialect: 'openai-chat', side: 'image-edits' },
  'images/variations': { operation: 'side', dialect: 'openai-chat', side: 'image-variations' },
  'audio/transcriptions': { operation: 'side', dialect: 'openai-chat', side: 'transcriptions' },
  'audio/translations': { operation: 'side', dialect: 'openai-chat', side: 'translations' },
  'audio/speech': { operation: 'side', dialect: 'openai-chat', side: 'speech' },
  moderations: { operation: 'side', dialect: 'openai-chat', side: 'moderations' },
  models: { operation: 'list-models' },
  healthz: { operation: 'health' },
};

const METHOD =
  /^(?<model>.+)(?::|\/)(?<method>generateContent|streamGenerateContent|countTokens|embedContent|batchEmbedContents)$/;

const EMBEDDING_METHODS: { readonly [method: string]: SideOperationId } = {
  embedContent: 'embed-content',
  batchEmbedContents: 'batch-embed-contents',
};

/**
 * Finds the endpoint a path means, however it was joined: versions doubled or missing, slashes too many, one endpoint's path
 * behind another's. `fitsBody` settles the last case; where it does not, the later name counts.
 */
export function findEndpoint(
  path: string,
  fitsBody: (dialect: DialectId) => boolean = () => false,
): Endpoint | undefined {
  const segments = path.split('/').filter((segment) => segment !== '');
  const gemini = findGemini(segments);
  if (gemini !== undefined) return gemini;
  const words = segments.filter((segment) => !PREFIX_WORDS.has(segment));
  const rest = words.join('/');
  // a path may spell the name of something that every object has
  if (Object.hasOwn(FIXED, rest)) return FIXED[rest];
  const joined = findJoined(words, fitsBody);
  if (joined !== undefined) return joined;
  return findStored(words);
}

function findStored([first, id, part, ...more]: readonly string[]): Endpoint | undefined {
  if (first !== 'responses' || id === undefined || more.length > 0) return undefined;
  const stored = { operation: 'stored-response', dialect: 'openai-responses', id: decodePath(id) } as const;
  if (part === undefined) return stored;
  return part === 'input_items' || part === 'cancel' ? { ...stored, part } : undefined;
}

/** The path of an endpoint as it is documented. */
export function canonicalPath(endpoint: Endpoint): string {
  switch (endpoint.operation) {
    case 'generate':
    case 'count-tokens':
    case 'compact-response':
    case 'side':
      if ('model' in endpoint) return `/v1beta/models/${endpoint.model}:${geminiMethod(endpoint)}`;
      return `/v1/${Object.keys(FIXED).find((path) => sameEndpoint(FIXED[path]!, endpoint)) ?? ''}`;
    case 'list-models':
      return '/v1/models';
    case 'get-model':
      return `/v1/models/${endpoint.model}`;
    case 'stored-response':
      return `/v1/responses/${endpoint.id}${endpoint.part === undefined ? '' : `/${endpoint.part}`}`;
    case 'health':
      return '/healthz';
    default:
      return endpoint satisfies never;
  }
}

/** True for a path that is only another spelling of a documented one: Gemini is served under each of its versions. */
export function isWrittenAs(path: string, documented: string): boolean {
  const plain = decodePath(path).replace(/\/+$/, '');
  return plain === documented || plain.replace(/^\/v1(?:alpha)?\/models\//, '/v1beta/models/') === documented;
}

/** The documented path that looks most like an unknown one. */
export function nearestPath(path: string): string {
  const words = new Set(path.toLowerCase().split(/[^a-z_]+/));
  const paths = [
    '/v1/chat/completions',
    '/v1/completions',
    '/v1/responses',
    '/v1/messages',
    '/v1/embeddings',
    '/v1/images/generations',
    '/v1/audio/transcriptions',
    '/v1/models',
    '/v1beta/models',
  ];
  // of paths that share as many words with it, the one with the fewest others is nearest
  const score = (candidate: string) => {
    const own = candidate.split(/[^a-z_]+/).filter((word) => word !== 'v' && word !== '');
    const shared = own.filter((word) => words.has(word)).length;
    return shared === 0 ? 0 : shared + 1 / own.length;
  };
  return paths.reduce((best, candidate) => (score(candidate) > score(best) ? candidate : best));
}

function findGemini(segments: readonly string[]): Endpoint | undefined {
  const first = segments.findIndex((segment) => !PREFIX_WORDS.has(segment));
  if (first < 0) return undefined;
  const target = decodePath(segments.slice(first).join('/'));
  const match = METHOD.exec(target);
  if (match?.groups !== undefined) {
    const model = stripModels(match.groups.model!);
    const side = EMBEDDING_METHODS[match.groups.method!];
    if (side !== undefined) return { operation: 'side', dialect: 'gemini', side, model };
    if (match.groups.method === 'countTokens') return { operation: 'count-tokens', dialect: 'gemini', model };
    return { operation: 'generate', dialect: 'gemini', model, stream: match.groups.method === 'streamGenerateContent' };
  }
  if (segments[first] !== 'models' || segments.length === first + 1) return undefined;
  return { operation: 'get-model', model: stripModels(target) };
}

/** `models/x`, `publishers/google/models/x` and doubled prefixes all name `x`. */
function stripModels(name: string): string {
  return name.replace(/^(?:(?:v1(?:beta1?|alpha)?|models|publishers\/[^/]+\/models)\/)+/, '');
}

function findJoined(words: readonly string[], fitsBody: (dialect: DialectId) => boolean): Endpoint | undefined {
  const found: Endpoint[] = [];
  let rest = words.join('/');
  while (rest !== '') {
    const name = Object.keys(FIXED)
      .filter((path) => rest === path || rest.startsWith(`${path}/`))
      .sort((a, b) => b.length - a.length)[0];
    if (name === undefined) return undefined;
    found.push(FIXED[name]!);
    rest = rest.slice(name.length + 1);
  }
  // the later was added by the client itself, the earlier by whoever wrote its base URL
  const fits = found.findLast((endpoint) => endpoint.operation === 'generate' && fitsBody(endpoint.dialect));
  return fits ?? found.at(-1);
}

function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  if (a.operation === 'side' || b.operation === 'side') return 'side' in a && 'side' in b && a.side === b.side;
  return a.operation === b.operation && 'dialect' in a && 'dialect' in b && a.dialect === b.dialect;
}

function geminiMethod(endpoint: Endpoint): string {
  if (endpoint.operation === 'count-tokens') return 'countTokens';
  if (endpoint.operation === 'side') return endpoint.side === 'embed-content' ? 'embedContent' : 'batchEmbedContents';
  return 'stream' in endpoint && endpoint.stream ? 'streamGenerateContent' : 'generateContent';
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
