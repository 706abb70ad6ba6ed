import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UpstreamDialect } from '../support/accounts-at.ts';
import {
  cutStream,
  rateLimited,
  type Scenario,
  status,
  text,
  thinking,
  toolCalls,
} from '../support/fake-upstream/scenario.ts';
import { pairResults } from '../support/pair-results.ts';
import { type ClientProgram, type Home, makeHome, type Outcome } from './client-program.ts';
import { type Asked, play, type Stage, setStage } from './stage.ts';

const WORDS = 'Grüße vom Kai: all is well. 😀';
const CONTENT = 'Zeile 1: "quoted"\nline 2\tÄÖÜ\n';
/** A picture of 16 by 16 points. */
const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mM4ISdHEmIY1TCqYfhqAADkYgQQ6ZuA8QAAAABJRU5ErkJggg==';
const PICTURE_START = 'iVBORw0KGgo';
const TURNS = 6;

/** What can befall the first of two accounts. */
const FAULTS: readonly (readonly [name: string, fault: Scenario])[] = [
  ['answers 429', rateLimited(60)],
  ['answers 500', status(500)],
];

/** The conversations of one program with upstreams of other dialects than its own. */
export function describeProgram(program: ClientProgram, dialects: readonly UpstreamDialect[]): void {
  describe.each(dialects)(`${program.name} with an upstream that speaks %s`, (dialect) => {
    let stage: Stage;
    let home: Home;
    beforeAll(async () => {
      stage = await setStage(dialect);
      home = makeHome(program);
    });
    afterAll(async () => {
      home[Symbol.dispose]();
      await stage[Symbol.asyncDispose]();
    });
    const run = (prompt: string, resume = false) =>
      home.run({ url: stage.gateway.url, model: stage.model, prompt, resume });

    test('gets a text answer', async () => {
      const conversation = stage.begin(text(WORDS, { chunks: 5 }));
      const outcome = await run('Wie geht es am Kai? "Ämter"');
      expectWords(outcome, WORDS);
      const [asked, ...more] = await conversation.asked();
      expect(more).toEqual([]);
      expect(asked!.model).toBe(stage.model);
      expectIn(asked!, 'Wie geht es am Kai?');
    });

    test('writes a file, keeps its thoughts, and remembers both when it is resumed', async () => {
      const path = join(home.work, 'note.txt');
      const call = program.writeFile(path, CONTENT);
      const conversation = stage.begin(
        toolCalls([call], { thinking: 'A file is wanted.' }),
        thinking('It is written.', WORDS),
        text('It was note.txt.'),
      );
      expectWords(await run('Write a note, please.'), WORDS);
      expect(readFileSync(path, 'utf8')).toBe(CONTENT);
      expectWords(await run('What was its name?', true), 'It was note.txt.');

      const asked = await conversation.asked();
      expect(asked.length).toBe(3);
      const pairs = [{ ...call, result: expect.stringMatching(/./) }];
      expect(pairResults(dialect, asked[1]!.body)).toEqual(pairs);
      expectThought({ program, stage, asked: asked[1]! });
      expect(pairResults(dialect, asked[2]!.body)).toEqual(pairs);
      for (const words of ['Write a note, please.', WORDS, 'What was its name?']) expectIn(asked[2]!, words);
    });

    test('goes through a long history of parallel calls', async () => {
      const names = Array.from({ length: TURNS }, (_, turn) => [0, 1, 2].map((at) => `part-${turn}-${at}.txt`));
      const turns = names.map((part) => part.map((name) => program.writeFile(join(home.work, name), `${name}\n`)));
      const conversation = stage.begin(...turns.map((calls) => toolCalls(calls)), text(WORDS));
      expectWords(await run('Write many files.'), WORDS);
      expect(names.flat().filter((name) => !existsSync(join(home.work, name)))).toEqual([]);
      const asked = await conversation.asked();
      expect(asked.length).toBe(TURNS + 1);
      const pairs = turns.flat().map((call) => ({ ...call, result: expect.stringMatching(/./) }));
      expect(pairResults(dialect, asked.at(-1)!.body)).toEqual(pairs);
    });

    test('shows a picture', async () => {
      const path = join(home.work, 'picture.png');
      writeFileSync(path, Buffer.from(PICTURE, 'base64'));
      const call = program.viewImage(path);
      const conversation = stage.begin(toolCalls([call]), text(WORDS));
      expectWords(await run('Look at the picture.'), WORDS);
      const asked = await conversation.asked();
      expect(asked.length).toBe(2);
      expectIn(asked[1]!, PICTURE_START);
    });

    test('asks again when a stream breaks off, and is answered whole', async () => {
      const cut = cutStream(2, 'drop', text('These words will be cut off in the middle.'));
      const conversation = stage.begin(cut, text(WORDS));
      expectWords(await run('Go on.'), WORDS);
      expect((await conversation.asked()).length).toBe(2);
    });

    describe('and a second account', () => {
      for (const [name, fault] of FAULTS) {
        test(`does not notice that the first ${name}`, async () => {
          await using other = await setStage(dialect);
          const second = await other.addSecond();
          const first = other.begin(fault);
          play(second, [text(WORDS)]);
          const outcome = await home.run({ url: other.gateway.url, model: other.model, prompt: 'Who answers?' });
          expectWords(outcome, WORDS);
          expect((await first.asked()).length).toBe(1);
          expect(second.generations.at(-1)!.refusal).toBeUndefined();
        });
      }
    });
  });
}

function expectWords(outcome: Outcome, words: string): void {
  const shown = { ...outcome, stdout: outcome.stdout.slice(-4_000), stderr: outcome.stderr.slice(-4_000) };
  expect(shown).toEqual({ code: 0, stdout: expect.stringContaining(words), stderr: expect.any(String) });
}

/** Bodies are far too long to be shown when something is missing in them. */
function expectIn({ rawBody }: Asked, words: string): void {
  expect(rawBody.includes(words) ? '' : `a body of ${rawBody.length} characters lacks ${words}`).toBe('');
}

/**
 * Programs that give back less than they got, with the dialect that lacks it then: they keep no proofs, or no thoughts, so nobody but
 * the gateway could remember them.
 */
const FORGETFUL = new Set([
  'Claude Code, openai-chat',
  'Gemini CLI, openai-chat',
  'opencode (@ai-sdk/openai-compatible), anthropic-messages',
  'opencode (@ai-sdk/openai-compatible), gemini',
]);

/** The thought of the first answer is back: by its proof, or as text where the dialect has no proofs. */
function expectThought(one: { readonly program: ClientProgram; readonly stage: Stage; readonly asked: Asked }): void {
  const { dialect, upstream } = one.stage;
  const shown = dialect === 'openai-chat' ? ['"reasoning_content":"A file is wanted."'] : [...upstream.proofs];
  const forgets = FORGETFUL.has(`${one.program.name}, ${dialect}`);
  expect(shown.some((proof) => one.asked.rawBody.includes(proof))).toBe(!forgets);
}
