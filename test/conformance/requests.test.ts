import { expect } from 'bun:test';
import { Glob } from 'bun';
import { type JsonObject, parseJsonObject } from '../../src/base/json.ts';
import { encodeRequestFor } from '../../src/translate/prepare-request.ts';
import { DIALECTS } from '../../src/translate/registry.ts';
import { traitsOfReference } from '../../src/translate/target.ts';
import {
  type CheckedDialect,
  type Checker,
  loadChecker,
  readShared,
  sharedFolder,
  sharedPath,
  testShared,
} from '../support/shared-folder.ts';
import { REQUEST_EXCEPTIONS, type Sent } from './exceptions.ts';
import { findDisorder } from './find-disorder.ts';
import { recordingsOf, UPSTREAM_DIALECTS } from './recordings.ts';

const ROOTS: Record<CheckedDialect, string> = {
  'openai-chat': 'ChatCompletionCreateParams',
  'openai-responses': 'ResponseCreateParams',
  'anthropic-messages': 'MessageCreateParams',
  gemini: 'GenerateContentRequest',
};
/** Models of several generations: what is sent depends on them. */
const MODELS: Record<CheckedDialect, readonly string[]> = {
  'openai-chat': ['gpt-4o', 'gpt-5.2', 'o3'],
  'openai-responses': ['gpt-4.1', 'gpt-5.2'],
  'anthropic-messages': ['claude-haiku-4-5', 'claude-sonnet-4-6', 'claude-opus-5-5'],
  gemini: ['gemini-2.0-flash', 'gemini-2.5-pro', 'gemini-3-pro-preview'],
};

const used = new Set<string>();

for (const from of UPSTREAM_DIALECTS) {
  for (const to of UPSTREAM_DIALECTS) {
    testShared(`requests of ${from} reach upstreams of ${to}`, async () => {
      const checker = await loadChecker();
      const findings = sentRequests(from).flatMap((sent) => checkRequest(checker, sent, to));
      expect(findings).toEqual([]);
    });
  }
}

testShared('every exception for requests is still needed', () => {
  expect(REQUEST_EXCEPTIONS.filter((one) => !used.has(one.why)).map((one) => one.why)).toEqual([]);
});

function checkRequest(checker: Checker, sent: Sent, to: CheckedDialect): string[] {
  const models = sent.model === undefined ? MODELS[to] : [sent.model, ...MODELS[to]];
  const findings = new Set(models.flatMap((model) => encodeAndCheck(checker, sent, to, model)));
  return [...findings]
    .filter((finding) => {
      const excuse = REQUEST_EXCEPTIONS.find((one) => one.finding.test(finding) && one.applies({ sent, to }));
      if (excuse !== undefined) used.add(excuse.why);
      return excuse === undefined;
    })
    .map((finding) => `${sent.file}: ${finding}`);
}

function encodeAndCheck(checker: Checker, sent: Sent, to: CheckedDialect, model: string): string[] {
  // a client may send its own dialect fields of one vendor that no schema knows; another dialect may not hear of them
  const profile = sent.dialect === to ? 'wire' : 'closed';
  try {
    const intent = { model: sent.model ?? 'unknown', stream: sent.stream };
    const request = DIALECTS[sent.dialect].client!.decodeRequest(sent.body, intent);
    const { body } = encodeRequestFor(DIALECTS[to], { ...request, model }, traitsOfReference(to));
    const { errors } = checker.schemas().validate(to, ROOTS[to], JSON.parse(JSON.stringify(body)), profile);
    return [...errors.map((error) => `schema: ${error}`), ...findDisorder(to, body).map((fault) => `order: ${fault}`)];
  } catch (thrown) {
    return [`throws ${thrown}`];
  }
}

function sentRequests(dialect: CheckedDialect): Sent[] {
  return sharedFolder() === undefined ? [] : [...recordedRequests(dialect), ...clientRequests(dialect)];
}

function recordedRequests(dialect: CheckedDialect): Sent[] {
  return recordingsOf('request', dialect).map(({ file, path }) => {
    const body = parseJsonObject(readShared('recordings', file));
    return { file, dialect, body, ...intentOf(body, path ?? '') };
  });
}

const ENDPOINTS: readonly (readonly [RegExp, CheckedDialect])[] = [
  [/\/chat\/completions$/, 'openai-chat'],
  [/\/responses$/, 'openai-responses'],
  [/\/messages$/, 'anthropic-messages'],
  [/:(stream)?[gG]enerateContent$/, 'gemini'],
];

function clientRequests(dialect: CheckedDialect): Sent[] {
  const files = [...new Glob('**/*.json').scanSync(sharedPath('client-requests'))].sort();
  return files.flatMap((file): Sent[] => {
    const { path: url, body } = JSON.parse(readShared('client-requests', file)) as { path: string; body: JsonObject };
    const path = url.split('?')[0]!;
    const found = ENDPOINTS.find(([pattern]) => pattern.test(path))?.[1];
    return found === dialect ? [{ file: `client-requests/${file}`, dialect, body, ...intentOf(body, path) }] : [];
  });
}

function intentOf(body: JsonObject, path: string): { readonly model: string | undefined; readonly stream: boolean } {
  const inPath = /models\/([^/:]+):/.exec(path)?.[1];
  const model = typeof body.model === 'string' ? body.model : inPath;
  return { model, stream: body.stream === true || path.includes(':streamGenerateContent') };
}
