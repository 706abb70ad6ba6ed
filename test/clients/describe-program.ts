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
import { expectIn, expectThought } from './expect-asked.ts';
import { PICTURE, PICTURE_START } from './picture.ts';
import { type Stage, setStage } from './stage.ts';

const WORDS = 'Grüße vom Kai: all is well. 😀';
const CONTENT = 'Zeile 1: "quoted"\nline 2\tÄÖÜ\n';
const THOUGHT = 'A file is wanted.';
const TURNS = 6;

/** What can befall the first of two accounts. */
const FAULTS: readonly (readonly [name: string, fault: Scenario])[] = [
  ['answers 429', rateLimited(60)],
  ['answers 500', status(500)],
];

/** All conversations of one program with upstreams of other dialects than its own. */
export function describeProgram(program: ClientProgram, dialects: readonly UpstreamDialect[]): void {
  describe.each(dialects)(`${program.name} with an upstream that speaks %s`, (dialect) => {
    const scene = openScene(program, dialect);
    testText(scene);
    testFile(scene);
    testHistory(scene);
    testPicture(scene);
    testCut(scene);
    testSecondAccount(scene);
  });
}

/** Those of a program that differs from one that has them all in its tools or in the way it is led to the gateway. */
export function describeVariant(program: ClientProgram, dialects: readonly UpstreamDialect[]): void {
  describe.each(dialects)(`${program.name} with an upstream that speaks %s`, (dialect) => {
    const scene = openScene(program, dialect);
    testText(scene);
    testFile(scene);
  });
}

/** A program with a home and a stage, both there while tests run. */
export interface Scene {
  readonly program: ClientProgram;
  readonly dialect: UpstreamDialect;
  readonly stage: Stage;
  readonly home: Home;
  run(prompt: string, resume?: boolean): Promise<Outcome>;
}

/** Sets the scene for the tests of a block. */
export function openScene(program: ClientProgram, dialect: UpstreamDialect): Scene {
  let stage: Stage | undefined;
  let home: Home | undefined;
  beforeAll(async () => {
    stage = await setStage(dialect, { asides: true });
    home = makeHome(program);
  });
  afterAll(async () => {
    home![Symbol.dispose]();
    await stage![Symbol.asyncDispose]();
  });
  return {
    program,
    dialect,
    get stage() {
      return stage!;
    },
    get home() {
      return home!;
    },
    run: (prompt, resume = false) => home!.run({ url: stage!.gateway.url, model: stage!.model, prompt, resume }),
  };
}

function testText(scene: Scene): void {
  test('gets a text answer', async () => {
    const { stage } = scene;
    const conversation = stage.begin(text(WORDS, { chunks: 5 }));
    expectWords(await scene.run('Wie geht es am Kai? "Ämter"'), WORDS);
    const [asked, ...more] = await conversation.asked();
    expect(more).toEqual([]);
    expect(asked!.model).toBe(stage.model);
    expectIn(asked!, 'Wie geht es am Kai?');
  });
}

function testFile(scene: Scene): void {
  test('writes a file, keeps its thoughts, and remembers both when it is resumed', async () => {
    const { stage, dialect, home, program } = scene;
    const path = join(home.work, 'note.txt');
    const call = program.writeFile(path, CONTENT);
    const conversation = stage.begin(
      toolCalls([call], { thinking: THOUGHT }),
      thinking('It is written.', WORDS),
      text('It was note.txt.'),
    );
    expectWords(await scene.run('Write a note, please.'), WORDS);
    expect(readFileSync(path, 'utf8')).toBe(CONTENT);
    expectWords(await scene.run('What was its name?', true), 'It was note.txt.');

    const asked = await conversation.asked();
    expect(asked.length).toBe(3);
    const pairs = [{ ...call, result: expect.stringMatching(/./) }];
    expect(pairResults(dialect, asked[1]!.body)).toEqual(pairs);
    expectThought({ stage, asked: asked[1]!, thought: THOUGHT });
    expectThought({ stage, asked: asked[2]!, thought: THOUGHT });
    expect(pairResults(dialect, asked[2]!.body)).toEqual(pairs);
    for (const words of ['Write a note, please.', WORDS, 'What was its name?']) expectIn(asked[2]!, words);
  });
}

function testHistory(scene: Scene): void {
  test('goes through a long history of parallel calls', async () => {
    const { stage, dialect, home, program } = scene;
    const names = Array.from({ length: TURNS }, (_, turn) => [0, 1, 2].map((at) => `part-${turn}-${at}.txt`));
    const turns = names.map((part) => part.map((name) => program.writeFile(join(home.work, name), `${name}\n`)));
    const conversation = stage.begin(...turns.map((calls) => toolCalls(calls)), text(WORDS));
    expectWords(await scene.run('Write many files.'), WORDS);
    expect(names.flat().filter((name) => !existsSync(join(home.work, name)))).toEqual([]);
    const asked = await conversation.asked();
    expect(asked.length).toBe(TURNS + 1);
    const pairs = turns.flat().map((call) => ({ ...call, result: expect.stringMatching(/./) }));
    expect(pairResults(dialect, asked.at(-1)!.body)).toEqual(pairs);
  });
}

function testPicture(scene: Scene): void {
  test('shows a picture', async () => {
    const path = join(scene.home.work, 'picture.png');
    writeFileSync(path, Buffer.from(PICTURE, 'base64'));
    const conversation = scene.stage.begin(toolCalls([scene.program.viewImage(path)]), text(WORDS));
    expectWords(await scene.run('Look at the picture.'), WORDS);
    const asked = await conversation.asked();
    expect(asked.length).toBe(2);
    expectIn(asked[1]!, PICTURE_START);
  });
}

function testCut(scene: Scene): void {
  test('asks again when a stream breaks off, and is answered whole', async () => {
    const cut = cutStream(2, 'drop', text('These words will be cut off in the middle.'));
    const conversation = scene.stage.begin(cut, text(WORDS));
    expectWords(await scene.run('Go on.'), WORDS);
    expect((await conversation.asked()).length).toBe(2);
  });
}

function testSecondAccount({ dialect, program }: Scene): void {
  test.each(FAULTS)('does not notice that the first of two accounts %s', async (_, fault) => {
    await using stage = await setStage(dialect, { asides: true });
    const second = await stage.addSecond(text(WORDS));
    const first = stage.begin(fault);
    using home = makeHome(program);
    expectWords(await home.run({ url: stage.gateway.url, model: stage.model, prompt: 'Who answers?' }), WORDS);
    expect((await first.asked()).length).toBe(1);
    expect(second.generations.at(-1)!.refusal).toBeUndefined();
  });
}

/** Expects a good end with these words. */
export function expectWords(outcome: Outcome, words: string): void {
  const shown = { ...outcome, stdout: outcome.stdout.slice(-4_000), stderr: outcome.stderr.slice(-4_000) };
  expect(shown).toEqual({ code: 0, stdout: expect.stringContaining(words), stderr: expect.any(String) });
}
