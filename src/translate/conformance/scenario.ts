import type { DialectId } from '../dialect-id.ts';

/**
 * What is recorded of a scenario: the client's request; the upstream's answer, whole and streamed; or the error that came instead
 * of one.
 */
export type Piece = 'request' | 'whole' | 'stream' | 'error';

/** Why a dialect has no recording of a scenario, or of some pieces of it. */
export type Unsupported = string | { readonly pieces: readonly Piece[]; readonly why: string };

type Reasons = { readonly [D in DialectId]?: Unsupported };

/** One thing that a translation must get right. */
export interface Scenario {
  readonly name: string;
  readonly shows: string;
  readonly pieces: readonly Piece[];
  /** The scenario whose request is sent, where this one has none of its own. */
  readonly asks?: string;
  /** The scenario whose answers come, where this one has none of its own. */
  readonly answers?: string;
  /** True: the client's next request, with the answer echoed as clients do, is checked as well. */
  readonly echoes?: true;
  readonly unsupported?: Reasons;
}

/** The dialects that upstreams speak. Of legacy completions only requests are recorded. */
export const UPSTREAMS = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'] as const;
export type UpstreamDialect = (typeof UPSTREAMS)[number];

const LEGACY: Reasons = { 'openai-completions': 'Legacy completions hold a prompt and nothing else.' };
const ONLY_CLAUDE = 'Only Claude knows tools by their type.';
const ONLY_GEMINI = 'Only Gemini answers so.';
const ONLY_LEGACY = 'Only legacy completions have these fields.';

/** Every scenario. Each dialect answers each of them with a recording or with a reason. */
export const SCENARIOS: readonly Scenario[] = [
  // plain words
  exchanged('text', 'a question, and words of several scripts as the answer', {}),
  asked('conversation', 'several turns, with names where there are any'),
  asked('system', 'an instruction before the first turn'),
  asked('system-in-the-middle', 'instructions of two ranks, one of them between turns', {
    gemini: 'Gemini has one instruction, which stands apart from the turns.',
  }),
  asked('order-repairs', 'a begun answer at the end, blank texts, and turns in an order that services refuse'),
  // media
  asked('image-in', 'an image as data'),
  asked('image-link', 'an image as a link'),
  asked('document-in', 'a document as data'),
  asked('audio-in', 'a sound as data', {
    'openai-responses': 'The Responses dialect has no sound in its input.',
    'anthropic-messages': 'Claude does not hear.',
  }),
  asked('video-in', 'a piece of a video as data, and a page with one', {
    'openai-responses': 'The Responses dialect has no video in its input.',
    'anthropic-messages': 'Claude sees no videos.',
  }),
  exchanged('image-out', 'a picture in the answer', {
    ...LEGACY,
    'anthropic-messages': 'Claude does not draw.',
  }),
  exchanged('audio-out', 'sound in the answer, which is refused where nobody speaks', {
    ...LEGACY,
    'openai-responses': 'The Responses dialect has no sound in its answers.',
    'anthropic-messages': 'Claude does not speak.',
  }),
  asked('uploaded-file', 'a file that lies at one vendor is refused for another'),
  // tools
  exchanged('tool-call', 'one call, with arguments that are not plain'),
  { ...exchanged('parallel-tool-calls', 'words and then two calls'), echoes: true },
  exchanged('no-argument-call', 'a tool without parameters is called'),
  {
    name: 'interleaved-calls',
    shows: 'two calls whose pieces come in turns',
    pieces: ['stream'],
    asks: 'parallel-tool-calls',
    unsupported: {
      'openai-responses': 'Items may be interleaved by the grammar, but no service does it.',
      'anthropic-messages': 'One block is open at a time.',
      gemini: 'A call comes whole.',
    },
  },
  asked('tool-result', 'a call and its result'),
  asked('parallel-tool-results', 'results in another order than their calls, and words after them'),
  asked('failed-tool-result', 'a tool that failed'),
  asked('tool-result-image', 'a tool that gave an image', { 'openai-chat': 'A tool message holds only text.' }),
  asked('parallel-tool-images', 'two tools that gave an image each, and one of them a sound as well', {
    'openai-chat': 'A tool message holds only text.',
  }),
  asked('interrupted-call', 'a call without a result, and a result without its call'),
  exchanged('tool-names', 'names that one dialect takes and another refuses find their way back'),
  asked('tool-schema', 'parameters with references, alternatives and other rare keywords'),
  asked('strict-tools', 'strict parameters, one of them outside the strict subset', {
    gemini: 'Gemini has no strict functions.',
  }),
  exchanged('custom-tool', 'a tool whose input is free text', {
    ...LEGACY,
    'anthropic-messages': { pieces: ['request'], why: 'Claude has only functions.' },
    gemini: { pieces: ['request'], why: 'Gemini has only functions.' },
  }),
  exchanged('namespaced-tools', 'tools in a namespace, given in an input item', {
    ...LEGACY,
    'openai-chat': { pieces: ['request'], why: 'Chat has no namespaces.' },
    'anthropic-messages': { pieces: ['request'], why: 'Claude has no namespaces.' },
    gemini: { pieces: ['request'], why: 'Gemini has no namespaces.' },
  }),
  asked('tool-choice-named', 'one tool must be called'),
  asked('tool-choice-required', 'some tool must be called, and no two at once'),
  asked('tool-choice-none', 'no tool may be called'),
  asked('tool-choice-allowed', 'one of several tools may be called', {
    'anthropic-messages': 'Claude is given fewer tools instead.',
  }),
  asked('web-search-tool', 'a tool that runs at the vendor'),
  asked('search-limits', 'how a search of the web shall be done, and that it must be'),
  asked('code-tool', 'code that the vendor runs', { 'openai-chat': 'Chat models run no code.' }),
  asked('typed-tools', 'tools that a model knows by their type', {
    'openai-chat': ONLY_CLAUDE,
    'openai-responses': ONLY_CLAUDE,
    gemini: ONLY_CLAUDE,
  }),
  asked('server-tool-history', "what a vendor's own tools did earlier", {
    'openai-chat': 'Chat does not tell what its searches did.',
  }),
  { ...answered('search-answer', 'an answer that rests on sources', 'web-search-tool'), echoes: true },
  answered('paused-answer', 'an answer that its service wants to go on with', 'web-search-tool', {
    'openai-chat': 'OpenAI does not pause.',
    'openai-responses': 'OpenAI does not pause.',
  }),
  answered('blocked-prompt', 'a prompt that was not answered at all', 'text', {
    'openai-chat': ONLY_GEMINI,
    'openai-responses': ONLY_GEMINI,
    'anthropic-messages': ONLY_GEMINI,
  }),
  answered('malformed-call', 'a call of which nothing can be used', 'tool-call', {
    'openai-chat': ONLY_GEMINI,
    'openai-responses': ONLY_GEMINI,
    'anthropic-messages': ONLY_GEMINI,
  }),
  // reasoning
  {
    ...exchanged('reasoning', 'thoughts with their seal before words, and the seal on its way back'),
    echoes: true,
  },
  {
    ...exchanged('reasoning-tool-call', 'thoughts with their seal before a call, and the seal on its way back'),
    echoes: true,
  },
  { ...answered('redacted-reasoning', 'a seal without a thought that could be read', 'reasoning'), echoes: true },
  {
    ...answered('reasoning-unasked', 'thoughts for a client that did not ask for them', 'text'),
    answers: 'reasoning',
  },
  asked('reasoning-history', "a vendor's own seal in the history, which no other vendor may see"),
  asked('reasoning-budget', 'thinking measured in tokens', {
    'openai-responses': 'OpenAI knows efforts, no budgets.',
  }),
  asked('reasoning-off', 'no thinking'),
  // form of the answer
  asked('json-output', 'any JSON as the answer', { 'anthropic-messages': 'Claude has JSON only with a schema.' }),
  asked('json-schema-output', 'JSON after a schema as the answer'),
  {
    ...exchanged('json-schema-by-tool', 'a model without output schemas answers through a tool its client never sees', {
      ...LEGACY,
      'openai-chat': 'OpenAI has output schemas.',
      'openai-responses': 'OpenAI has output schemas.',
      gemini: 'Gemini has output schemas.',
    }),
    asks: 'json-schema-output',
  },
  // limits
  asked('sampling', 'every number that steers sampling', {}, {}),
  {
    name: 'sampling-refused',
    shows: 'the same for models that refuse most of them',
    pieces: ['request'],
    asks: 'sampling',
    unsupported: { gemini: 'Gemini takes sampling with every model.' },
  },
  exchanged('stop-sequence', 'an answer that ends at a word', {
    'openai-responses': 'The Responses dialect has no stop sequences.',
  }),
  answered('length', 'an answer that grew too long', 'text'),
  answered('length-in-call', 'a call that was cut off', 'tool-call', { gemini: 'A call comes whole or not at all.' }),
  asked(
    'several-answers',
    'more than one answer to one request',
    { 'openai-responses': 'A response is one answer.', 'anthropic-messages': 'A message is one answer.' },
    {},
  ),
  // rare ends
  answered('refusal', 'a model or its service declines', 'text'),
  answered('content-filter', 'an answer that was stopped by a filter', 'text', {
    'anthropic-messages': 'Claude declines, which is a refusal.',
  }),
  answered('empty-answer', 'an answer without anything in it', 'text'),
  // counts and fields beside the conversation
  exchanged('usage', 'tokens read from a cache, written to it, and thought', {}),
  asked('cache-marks', 'wishes about prompt caches', {
    gemini: 'Gemini caches by itself, or as a resource of one account.',
  }),
  asked('side-fields', 'fields that steer the service and not the model', {}, {}),
  asked(
    'legacy-fields',
    'what only legacy completions ask for',
    {
      'openai-chat': ONLY_LEGACY,
      'openai-responses': ONLY_LEGACY,
      'anthropic-messages': ONLY_LEGACY,
      gemini: ONLY_LEGACY,
    },
    {},
  ),
  // errors
  { name: 'error-invalid', shows: 'a field that the service refuses', pieces: ['error'] },
  { name: 'error-context-length', shows: 'a prompt that is too long', pieces: ['error'] },
  { name: 'error-credential', shows: 'a key that the service refuses', pieces: ['error'] },
  { name: 'error-model', shows: 'a model that is not there', pieces: ['error'] },
  { name: 'error-rate-limit', shows: 'too many requests in a minute', pieces: ['error'] },
  { name: 'error-quota', shows: 'an allowance that is used up', pieces: ['error'] },
  { name: 'error-overloaded', shows: 'a service that has too much to do', pieces: ['error'] },
  { name: 'error-server', shows: 'a service that failed', pieces: ['error'] },
  { name: 'error-whole', shows: 'an error in an answer whose status was 200', pieces: ['whole'], asks: 'text' },
  { name: 'error-in-stream', shows: 'an error after the first words', pieces: ['stream'], asks: 'text' },
  { name: 'cut-stream', shows: 'a stream that ends after the first words', pieces: ['stream'], asks: 'text' },
  {
    name: 'odd-stream',
    shows: 'comments, unknown events and bad JSON between words',
    pieces: ['stream'],
    asks: 'text',
  },
];

/** A scenario of its request alone. */
function asked(name: string, shows: string, reasons: Reasons = {}, legacy: Reasons = LEGACY): Scenario {
  return { name, shows, pieces: ['request'], unsupported: { ...legacy, ...reasons } };
}

/** A scenario of its answers, to the request of another. */
function answered(name: string, shows: string, asks: string, unsupported: Reasons = {}): Scenario {
  return { name, shows, pieces: ['whole', 'stream'], asks, unsupported };
}

/** A scenario of both. */
function exchanged(name: string, shows: string, unsupported: Reasons = LEGACY): Scenario {
  return { name, shows, pieces: ['request', 'whole', 'stream'], unsupported };
}
