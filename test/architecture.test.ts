import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = join(import.meta.dir, '..', 'src');
const files = (readdirSync(root, { recursive: true }) as string[])
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => /\.tsx?$/.test(name));
const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

/** Who may import whom. A name with `types:` before it may be imported by `import type` alone. */
const MAY_IMPORT: { readonly [folder: string]: readonly string[] } = {
  base: [],
  config: ['base'],
  translate: ['base'],
  pool: ['base'],
  upstream: ['base', 'translate'],
  relay: ['base', 'translate', 'pool', 'upstream'],
  store: ['base', 'config', 'types:pool', 'types:upstream', 'types:relay'],
  admin: ['base', 'config', 'translate', 'types:store', 'types:pool', 'types:upstream', 'types:relay'],
  ui: ['base', 'config', 'admin'],
  routes: ['base', 'config', 'translate', 'relay', 'admin', 'ui/pages.ts'],
  cli: ['base', 'config', 'translate', 'types:admin'],
};

/** Calls that stand in one place, so that the rest of the program is a function of its arguments. */
const ONLY_IN: readonly { readonly call: RegExp; readonly files: RegExp; readonly why: string }[] = [
  { call: /(?<![.\w])fetch\(/, files: /^upstream\/send\.ts$/, why: 'the network is called in one place' },
  { call: /\bDate\.now\(/, files: /^base\/clock\.ts$/, why: 'time is handed in' },
  { call: /(?<![.\w])set(?:Timeout|Interval)\(/, files: /^base\/clock\.ts$/, why: "timers are the clock's" },
  { call: /\bprocess\.env\b/, files: /^(config\/resolve\.ts|server\.ts)$/, why: 'settings have one table' },
  { call: /\bconsole\./, files: /^(base\/log\.ts|cli\/.*)$/, why: 'lines go through the log' },
  { call: /\bJSON\.parse\(/, files: /^base\/json\.ts$/, why: 'what comes in is narrowed in one place' },
];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typesOnly: boolean;
}

const imports: Import[] = [...sources].flatMap(([from, text]) =>
  [...text.matchAll(/^(?:import|export)\s+(type\s+)?[^;]*?from\s+'(\.[^']+)'/gm)].map((match) => ({
    from,
    to: relative(root, resolve(root, dirname(from), match[2]!)).replaceAll('\\', '/'),
    typesOnly: match[1] !== undefined,
  })),
);

const folderOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '');

function isAllowed({ from, to, typesOnly }: Import): boolean {
  const [own, other] = [folderOf(from), folderOf(to)];
  if (own === '' || own === other) return true;
  return (MAY_IMPORT[own] ?? []).some(
    (rule) => rule === other || rule === to || (typesOnly && rule === `types:${other}`),
  );
}

describe('the architecture', () => {
  test('every folder is in the import table', () => {
    const folders = new Set(files.map(folderOf).filter((folder) => folder !== ''));
    expect([...folders].filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
  });

  test('no import leaves the table', () => {
    const wrong = imports.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} imports ${to}`);
    expect(wrong).toEqual([]);
  });

  test('no codec imports another codec', () => {
    const codecs = new Set(['openai-chat', 'openai-completions', 'openai-responses', 'anthropic-messages', 'gemini']);
    const codecOf = (file: string) => {
      const second = /^translate\/([^/]+)\//.exec(file)?.[1];
      return second !== undefined && codecs.has(second) ? second : undefined;
    };
    const wrong = imports.filter(({ from, to }) => {
      const [own, other] = [codecOf(from), codecOf(to)];
      return own !== undefined && other !== undefined && own !== other;
    });
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  for (const { call, files: allowed, why } of ONLY_IN) {
    test(`${call.source} stands where it belongs: ${why}`, () => {
      const wrong = [...sources].filter(([file, text]) => !allowed.test(file) && call.test(withoutComments(text)));
      expect(wrong.map(([file]) => file)).toEqual([]);
    });
  }

  test('every unit test stands where its source does', () => {
    const testRoot = join(import.meta.dir, 'unit');
    const tests = (readdirSync(testRoot, { recursive: true }) as string[])
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => name.endsWith('.test.ts'));
    const lost = tests.filter((name) => {
      const subject = name.replace(/\.test\.ts$/, '');
      return !files.some(
        (file) => file === `${subject}.ts` || file === `${subject}.tsx` || file.startsWith(`${subject}/`),
      );
    });
    expect(lost).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
}
