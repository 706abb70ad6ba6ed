import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { canonicalPath, type Endpoint, findEndpoint, nearestPath } from '../../src/routes/find-endpoint.ts';

const VERSIONS = ['v1', 'v1beta', 'v1beta1', 'v1alpha'];
const VENDORS = ['openai', 'anthropic', 'gemini', 'google', 'claude', 'beta'];

const FIXED: readonly (readonly [string, Endpoint])[] = [
  ['chat/completions', { operation: 'generate', dialect: 'openai-chat' }],
  ['completions', { operation: 'generate', dialect: 'openai-completions' }],
  ['responses', { operation: 'generate', dialect: 'openai-responses' }],
  ['messages', { operation: 'generate', dialect: 'anthropic-messages' }],
  ['messages/count_tokens', { operation: 'count-tokens', dialect: 'anthropic-messages' }],
  ['responses/input_tokens', { operation: 'count-tokens', dialect: 'openai-responses' }],
  ['models', { operation: 'list-models' }],
  ['healthz', { operation: 'health' }],
];

/** What an unknown path may be led to. */
const DOCUMENTED = [
  '/v1/chat/completions',
  '/v1/completions',
  '/v1/responses',
  '/v1/messages',
  '/v1/models',
  '/v1beta/models',
];

const anySlashes = fc.constantFrom('/', '/', '/', '//', '///');
const anyPrefix = fc
  .array(fc.tuple(anySlashes, fc.constantFrom(...VERSIONS, ...VENDORS)), { maxLength: 4 })
  .map((words) => words.flat().join(''));
const anyTail = fc.constantFrom('', '/', '//');
const anyModel = fc.oneof(
  fc.constantFrom('gemini-3.5-flash', 'gpt-5', 'tuned.model', 'acme/model-1', 'a:b', 'constructor'),
  fc.stringMatching(/^[a-z][a-z0-9.-]{0,20}[0-9]$/),
);

/** A path as people join it: words of versions and vendors missing, doubled or mixed, slashes too many. */
function joined(path: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(anyPrefix, anySlashes, path, anyTail)
    .map(([prefix, slash, rest, tail]) => prefix + slash + rest + tail);
}

describe('an endpoint', () => {
  test.each(FIXED)('%s is found however its base URL was joined', (name, endpoint) => {
    const anyPath = joined(fc.constant(name));
    fc.assert(fc.property(anyPath, (path) => expect(findEndpoint(path)).toEqual(endpoint)));
  });

  test('is found where a version was put between its words', () => {
    const anyPath = fc
      .constantFrom(...FIXED)
      .chain(([name, endpoint]) =>
        fc
          .array(fc.constantFrom(...VERSIONS), { maxLength: 2 })
          .map((words) => [['', ...words, ...name.split('/')].join('/'), endpoint] as const),
      );
    fc.assert(fc.property(anyPath, ([path, endpoint]) => expect(findEndpoint(path)).toEqual(endpoint)));
  });

  test('of a Gemini model is found with the method behind a colon or a slash, and the model doubled or escaped', () => {
    const anyCall = fc.record({
      model: anyModel,
      method: fc.constantFrom('generateContent', 'streamGenerateContent', 'countTokens'),
      separator: fc.constantFrom(':', '/', '%3A'),
      collection: fc.constantFrom('models/', 'models/models/', 'models/v1beta/models/', 'publishers/google/models/'),
    });
    const property = fc.property(anyPrefix, anyCall, (prefix, { model, method, separator, collection }) => {
      const found = findEndpoint(`${prefix}/${collection}${model}${separator}${method}`);
      const expected: Endpoint =
        method === 'countTokens'
          ? { operation: 'count-tokens', dialect: 'gemini', model }
          : { operation: 'generate', dialect: 'gemini', model, stream: method === 'streamGenerateContent' };
      expect(found).toEqual(expected);
    });
    fc.assert(property);
  });

  test('of one model is found by its name, slashes and all', () => {
    const anyPath = fc.tuple(anyPrefix, anyModel);
    fc.assert(
      fc.property(anyPath, ([prefix, model]) =>
        expect(findEndpoint(`${prefix}/models/${model}`)).toEqual({ operation: 'get-model', model }),
      ),
    );
  });

  test('is found at the path it is documented with', () => {
    const anyPath = joined(fc.constantFrom(...FIXED.map(([name]) => name)));
    fc.assert(
      fc.property(anyPath, (path) => {
        const endpoint = findEndpoint(path)!;
        expect(findEndpoint(canonicalPath(endpoint))).toEqual(endpoint);
      }),
    );
  });
});

describe('any path at all', () => {
  const anyWord = fc.oneof(
    fc.constantFrom(...VERSIONS, ...FIXED.map(([name]) => name), 'models', ':generateContent', '%', '%zz', '..'),
    fc.constantFrom('constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'),
    fc.string({ unit: 'binary', maxLength: 12 }),
  );
  const anyPath = fc.array(anyWord, { maxLength: 6 }).map((words) => `/${words.join('/')}`);

  test('leads to an endpoint or to none, and never breaks', () => {
    const operations = ['generate', 'count-tokens', 'list-models', 'get-model', 'stored-response', 'health'];
    fc.assert(
      fc.property(anyPath, fc.boolean(), (path, fits) => {
        const found = findEndpoint(path, () => fits);
        if (found !== undefined) expect(operations).toContain(found.operation);
      }),
    );
  });

  test('has a nearest one among those that are documented', () => {
    fc.assert(fc.property(anyPath, (path) => expect(DOCUMENTED).toContain(nearestPath(path))));
    for (const path of DOCUMENTED) expect(nearestPath(path)).toBe(path);
  });
});
