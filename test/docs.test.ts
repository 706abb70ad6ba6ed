import { describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ERROR_TRAITS, type ErrorKind, GatewayError } from '../src/base/gateway-error.ts';
import type { JsonObject } from '../src/base/json.ts';
import { environmentOf, flagOf, SETTING_KEYS, settingRow, showSetting } from '../src/config/settings.ts';
import { EFFECTS } from '../src/pool/back-off.ts';
import { spell } from '../src/pool/spell.ts';
import { findEndpoint } from '../src/routes/find-endpoint.ts';
import { decodeFinish as decodeAnthropicFinish, encodeFinish } from '../src/translate/anthropic-messages/vocabulary.ts';
import type { FinishReason } from '../src/translate/canonical/response.ts';
import type { DialectId } from '../src/translate/dialect-id.ts';
import { readFinishReason, writeFinishReason } from '../src/translate/gemini/vocabulary.ts';
import { LOST_INSTRUCTIONS } from '../src/translate/openai-chat/decode-request.ts';
import { isFailure, readFinish, writeFinish } from '../src/translate/openai-chat/vocabulary.ts';
import { FINISH_WORDS } from '../src/translate/openai-completions/wire.ts';
import { endingOf } from '../src/translate/openai-responses/response-object.ts';
import { decodeFinish as decodeResponsesFinish } from '../src/translate/openai-responses/vocabulary.ts';
import { DIALECTS } from '../src/translate/registry.ts';
import { LOST_IMAGE_FIELDS } from '../src/translate/side/images.ts';
import { SIDE_OPERATIONS } from '../src/translate/side/registry.ts';
import type { SideOperationId } from '../src/translate/side/side-operation.ts';
import { LOST_RECORDING_FIELDS } from '../src/translate/side/transcriptions.ts';
import { findLosses, keysOfTable, listFiles, readProject } from './support/read-source.ts';
import { codeWords, findCell, readTable } from './support/read-tables.ts';

const root = join(import.meta.dir, '..');
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...listFiles('docs')].filter(
  (file) => file.endsWith('.md') && existsSync(join(root, file)),
);
const ERROR_COLUMNS: readonly (readonly [DialectId, string])[] = [
  ['openai-chat', 'chat, completions, responses'],
  ['openai-completions', 'chat, completions, responses'],
  ['openai-responses', 'chat, completions, responses'],
  ['anthropic-messages', 'anthropic'],
  ['gemini', 'gemini'],
];
const kinds = Object.keys(ERROR_TRAITS) as ErrorKind[];

/** Calls whose loss code is computed, and the codes that come of them; none where it is the name of any field or is told elsewhere. */
const COMPUTED: { readonly [call: string]: readonly string[] } = {
  'src/translate/adapt-tools.ts: name': [],
  'src/translate/anthropic-messages/encode-request.ts: name': [],
  'src/translate/drop-refused.ts: field': [],
  'src/translate/gemini/decode-stream.ts: field': keysOfTable('src/translate/gemini/decode-stream.ts', 'UNTRANSLATED'),
  'src/translate/gemini/extras.ts: field': [],
  'src/translate/gemini/generation-config.ts: NUMBERS[key]': ['presencePenalty', 'frequencyPenalty'],
  'src/translate/gemini/media.ts: field': ['KIND_url'],
  'src/translate/gemini/refit.ts: name': [],
  'src/translate/keep-own.ts: field': [],
  'src/translate/models/effort.ts: field': ['effort', 'reasoning-floor'],
  'src/translate/openai-chat/encode-reasoning.ts: reasoning': [],
  'src/translate/openai-chat/encode-request.ts: LOST_INSTRUCTIONS': [LOST_INSTRUCTIONS],
  'src/translate/openai-chat/encode-request.ts: field': [],
  'src/translate/openai-responses/encode-request.ts: field': [],
  'src/translate/schema/for-gemini.ts: code': [],
  'src/translate/server-tool-fields.ts: FIELD_WORDS[field]': [
    'max_uses',
    'allowed_domains',
    'blocked_domains',
    'user_location',
    'search_context_size',
  ],
  'src/translate/side/images.ts: field': LOST_IMAGE_FIELDS,
  'src/translate/side/transcriptions.ts: field': LOST_RECORDING_FIELDS,
  'src/upstream/providers/zai-body.ts: field': ['temperature', 'top_p'],
  'src/upstream/server-bodies.ts: field': [],
};

/** The id of a fault of the field, and the ids that a test's name begins with. */
const FIELD_BUG = /^[PRSU]\d\d$/;
const NAMES_OF_BUGS = /['"`]((?:[A-Z]+\d+, )*[PRSU]\d\d(?:, [A-Z]+\d+)*): /g;

/** How the document writes codes that end in a name. */
const OPEN_CODES: { readonly [start: string]: string } = { 'tool=': 'tool=NAME', 'part=': 'part=KIND' };

/** The tables by which finish words of upstreams are read, and what reads them. */
const FINISH_TABLES = [
  {
    column: 'chat',
    words: keysOfTable('src/translate/openai-chat/vocabulary.ts', 'FINISH_FROM_WIRE'),
    meaningOf: (word: string) => (isFailure(word) ? 'an error' : readFinish(word).reason),
  },
  {
    column: 'responses',
    words: keysOfTable('src/translate/openai-responses/vocabulary.ts', 'REASONS'),
    meaningOf: (word: string) => {
      if (word === 'failed') return 'an error';
      const status = word === 'completed' ? word : 'incomplete';
      return decodeResponsesFinish(status, word, { text: true, refusal: '' }).reason;
    },
  },
  {
    column: 'anthropic',
    words: keysOfTable('src/translate/anthropic-messages/vocabulary.ts', 'FINISHES'),
    meaningOf: (word: string) => decodeAnthropicFinish({ stop_reason: word }).reason,
  },
  {
    column: 'gemini',
    words: keysOfTable('src/translate/gemini/vocabulary.ts', 'FINISH_MEANING'),
    meaningOf: (word: string) => readFinishReason(word).replace('malformed', 'an error'),
  },
];

describe('docs/dialects.md', () => {
  const text = readProject('docs/dialects.md');
  const finishes = readTable(text, 'Finish reasons');

  test.each(Object.keys(FINISH_WORDS) as FinishReason[])('tells what clients get for the finish %s', (reason) => {
    const ending = endingOf({ reason }, false, undefined);
    const written: { readonly [column: string]: unknown } = {
      chat: writeFinish({ reason }),
      completions: FINISH_WORDS[reason],
      responses: ending.reason ?? ending.status,
      anthropic: encodeFinish({ reason }, true).stop_reason,
      gemini: writeFinishReason({ reason }),
    };
    const told = Object.keys(written).map((column) => [column, codeWords(findCell(finishes, reason, column))[0]]);
    expect(Object.fromEntries(told)).toEqual(written);
  });

  test.each(FINISH_TABLES)('tells how finish words of $column are read', ({ column, words, meaningOf }) => {
    expect(words.length).toBeGreaterThan(1);
    const told = finishes.flatMap((row) => {
      const meaning = row.canonical!.replaceAll('`', '');
      // in brackets stands what is only written
      return codeWords(row[column]!.replaceAll(/\([^)]*\)/g, '')).map((word) => ({ word, meaning }));
    });
    const read = [...new Set([...words, ...told.map(({ word }) => word)])];
    const inOrder = (list: { word: string; meaning: string }[]) => list.sort((a, b) => (a.word < b.word ? -1 : 1));
    expect(inOrder(told)).toEqual(inOrder(read.map((word) => ({ word, meaning: meaningOf(word) }))));
  });

  test.each(kinds)('tells what clients get for the error %s', (kind) => {
    const table = readTable(text, 'Errors');
    const error = new GatewayError(kind, 'words');
    for (const [dialect, column] of ERROR_COLUMNS) {
      const { status, body } = DIALECTS[dialect].client!.encodeError(error);
      const said = body.error as JsonObject;
      const words = (dialect === 'gemini' ? [said.status] : [said.type, said.code]).filter(Boolean);
      const cell = findCell(table, kind, column);
      const told = { dialect, status: Number.parseInt(cell, 10), words: codeWords(cell) };
      expect(told).toEqual({ dialect, status, words: [...new Set(words)] as string[] });
    }
    const closing = DIALECTS['openai-responses'].client!.encodeStreamError(error).at(-1)!;
    const { code } = JSON.parse(closing.data).response.error;
    expect(codeWords(findCell(table, kind, 'responses, in a stream'))).toEqual([code]);
  });

  test('lists every loss code, and none that is no more', () => {
    const { codes, computed } = findLosses();
    expect(computed).toEqual(Object.keys(COMPUTED).sort());
    const known = new Set([...codes.map((code) => OPEN_CODES[code] ?? code), ...Object.values(COMPUTED).flat()]);
    const listed = readTable(text, 'Losses').flatMap((row) => codeWords(row.code!));
    expect(listed.sort()).toEqual([...known].sort());
  });
});

describe('docs/side-endpoints.md', () => {
  const table = readTable(readProject('docs/side-endpoints.md'), 'Embeddings, images, sound, moderation');
  const rowOf = (id: SideOperationId) =>
    table.find((row) => {
      const paths = row.path!.replaceAll(/`:(\w+)`/g, '`POST /v1beta/models/MODEL:$1`');
      return codeWords(paths).some((path) => findSide(path.replace(/^POST /, '')) === id);
    });
  const findSide = (path: string) => {
    const endpoint = findEndpoint(path);
    return endpoint?.operation === 'side' ? endpoint.side : undefined;
  };

  test.each(Object.values(SIDE_OPERATIONS))('tells what becomes of $id', ({ id, dialect, foreign }) => {
    const row = rowOf(id);
    expect(Object.keys(row ?? {})).toContain('path');
    const own = row![dialect === 'gemini' ? 'Gemini' : 'OpenAI, OpenAI-compatible'];
    const other = row![dialect === 'gemini' ? 'OpenAI, OpenAI-compatible' : 'Gemini'];
    expect(own).toStartWith('passes');
    if (foreign === undefined) expect(other).toBe('–');
    else
      expect(
        codeWords(other!)[0]!
          .replaceAll(/[^a-z]/gi, '')
          .toLowerCase(),
      ).toBe(foreign.resource.replaceAll('-', ''));
  });
});

describe('docs/settings.md', () => {
  test.each(SETTING_KEYS)('has a row for %s', (key) => {
    const table = readTable(readProject('docs/settings.md'), 'Settings');
    const byDefault = showSetting(key, settingRow(key).default) ?? '';
    const values = [byDefault].flat().map(String);
    expect({
      flag: codeWords(findCell(table, key, 'flag'))[0],
      environment: codeWords(findCell(table, key, 'environment'))[0],
      default: codeWords(findCell(table, key, 'default')),
      allowed: findCell(table, key, 'allowed'),
    }).toEqual({
      flag: flagOf(key),
      environment: environmentOf(key),
      default: values.filter((value) => value !== ''),
      allowed: settingRow(key).kind.allowed,
    });
  });

  test('explains every setting in words', () => {
    const text = readProject('docs/settings.md');
    const words = text.slice(text.indexOf('## Address'), text.indexOf('## Examples'));
    expect(SETTING_KEYS.filter((key) => !words.includes(`\`${key}\``))).toEqual([]);
  });
});

describe('docs/failures.md', () => {
  test.each(kinds)('tells what the account gets and what follows for %s', (kind) => {
    const table = readTable(readProject('docs/failures.md'), 'What follows from each kind');
    const account = findCell(table, kind, 'what the account gets');
    const effect = EFFECTS[kind];
    if (effect.type === 'none') expect(account).not.toMatch(/\brests?\b|strike|invalid|forbidden/);
    else if (effect.type === 'trouble') expect(account).toContain(`\`${effect.state}\``);
    else for (const ms of [effect.firstMs, effect.longestMs]) expect(account).toContain(spell(ms));
    const tried = ['next-account', 'refresh'].includes(ERROR_TRAITS[kind].next);
    expect(findCell(table, kind, 'what follows').includes('next account')).toBe(tried);
  });
});

describe('docs/field-bugs.md', () => {
  test('lists the ids that names of tests begin with, and no others', () => {
    const listed = codeWords(readProject('docs/field-bugs.md')).filter((word) => FIELD_BUG.test(word));
    const tests = listFiles('test').filter((file) => file.endsWith('.test.ts'));
    const named = tests.flatMap((file) =>
      [...readProject(file).matchAll(NAMES_OF_BUGS)].flatMap(([, ids]) => ids!.split(', ')),
    );
    const inTests = [...new Set(named.filter((id) => FIELD_BUG.test(id)))];
    expect(listed.length).toBeGreaterThan(100);
    expect(inTests.sort()).toEqual(listed.sort());
  });
});

describe('docs/architecture.md', () => {
  const text = readProject('docs/architecture.md');

  test.each(kinds)('has the traits of %s', (kind) => {
    const { status, blame, next, verdict } = ERROR_TRAITS[kind];
    const row = readTable(text, 'Errors').find((one) => codeWords(one.kind ?? '').includes(kind));
    expect(row).toMatchObject({ status: String(status), blame, next, verdict: `\`${verdict}\`` });
  });

  test('has the import table of the architecture test', () => {
    const source = readProject('test/architecture.test.ts');
    const rules = source.slice(source.indexOf('MAY_IMPORT'), source.indexOf('\n};'));
    const inCode = [...rules.matchAll(/^ {2}(\w+): \[(.*)\],$/gm)].map(([, folder, list]) => {
      const words = [...list!.matchAll(/'([^']+)'/g)].map(([, word]) => word!.replace('types:', 'types of '));
      return { folder: folder!, 'may import': words.join(', ') || 'nothing' };
    });
    expect(inCode.length).toBeGreaterThan(5);
    const told = readTable(text, 'Who may import whom').map((row) => ({
      ...row,
      'may import': row['may import']!.replaceAll('`', ''),
    }));
    expect(told).toEqual(inCode as typeof told);
  });
});

describe('the documents', () => {
  test.each(documents)('%s names only files that exist', (file) => {
    const text = readProject(file);
    const links = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, target]) => target!);
    const lostLinks = links.filter((link) => !link.includes('://') && !existsSync(join(root, dirname(file), link)));
    const named = codeWords(text).filter((word) => /^(?:src|test|docs|scripts|public|\.ci)\/[\w./-]*$/.test(word));
    expect({ lostLinks, lostFiles: named.filter((name) => !existsSync(join(root, name))) }).toEqual({
      lostLinks: [],
      lostFiles: [],
    });
  });

  test('say of every dependency why it is there', () => {
    const { dependencies, devDependencies } = JSON.parse(readProject('package.json'));
    const titles = listFiles('docs/decisions').map((file) => readProject(file).split('\n')[0]!);
    const all = Object.keys({ ...dependencies, ...devDependencies });
    expect(all.filter((name) => !titles.some((title) => title.includes(`\`${name}\``)))).toEqual([]);
  });
});
