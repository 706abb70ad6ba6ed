import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { UpstreamDialect } from '../support/accounts-at.ts';
import { cutStream, rateLimited, status, text, thinking, toolCalls } from '../support/fake-upstream/scenario.ts';
import { pairResults } from '../support/pair-results.ts';
import { expectIn, expectThought } from './expect-asked.ts';
import { type Library, type LibraryProcess, startLibrary, type Talk } from './library.ts';
import { PICTURE, PICTURE_START } from './picture.ts';
import { MODELS, type Stage, setStage } from './stage.ts';

const WORDS = 'Grüße aus Köln: 11 degrees, and −3 in Oslo. 😀';
const PROMPT = 'How is the weather in Köln and in Oslo?';
const CALLS = [
  { name: 'get_weather', args: { city: 'Köln "Süd"' } },
  { name: 'get_weather', args: { city: 'Oslo' } },
];
const RESULTS = { 'Köln "Süd"': '11 degrees', Oslo: '−3 degrees' };
const PAIRS = CALLS.map((call, at) => ({ ...call, result: expect.stringContaining(Object.values(RESULTS)[at]!) }));
const THOUGHT = 'Two cities, so two calls.';

/** Every dialect an upstream can speak. */
const DIALECTS = Object.keys(MODELS) as readonly UpstreamDialect[];

/** The conversations of libraries with upstreams of other dialects than their own. */
export function describeLibraries(libraries: readonly Library[]): void {
  describe.each(libraries)('$name', (library) => {
    let program: LibraryProcess;
    beforeAll(() => {
      program = startLibrary(library);
    });
    afterAll(() => program[Symbol.dispose]());
    const foreign = DIALECTS.filter((dialect) => dialect !== library.dialect);
    describe.each(foreign)('with an upstream that speaks %s', (dialect) => {
      describeLibrary(library, dialect, (talk) => program.talk(talk));
    });
  });
}

function describeLibrary(
  library: Library,
  dialect: UpstreamDialect,
  talk: (talk: Talk) => ReturnType<LibraryProcess['talk']>,
): void {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage(dialect, { asides: false });
  });
  beforeEach(() => stage.rest());
  afterAll(() => stage[Symbol.asyncDispose]());

  const converse = (change: Partial<Talk> = {}, at = stage) =>
    talk({
      url: at.gateway.url,
      model: at.model,
      prompts: [PROMPT],
      stream: false,
      tools: false,
      thinking: false,
      results: RESULTS,
      ...change,
    });

  for (const stream of [false, true]) {
    const how = stream ? 'streamed' : 'whole';

    test(`gets a ${how} answer`, async () => {
      const conversation = stage.begin(text(WORDS, { chunks: 5 }));
      expect(await converse({ stream })).toEqual({ answers: [WORDS], calls: [] });
      const [asked, ...more] = await conversation.asked();
      expect(more).toEqual([]);
      expectIn(asked!, PROMPT);
    });

    test(`runs two tools at once, ${how}`, async () => {
      const conversation = stage.begin(toolCalls(CALLS), text(WORDS));
      expect(await converse({ stream, tools: true })).toEqual({ answers: [WORDS], calls: CALLS });
      const [, second] = await conversation.asked();
      expect(pairResults(dialect, second!.body)).toEqual(PAIRS);
    });

    if (library.thinks === false) continue;
    test(`gives thoughts back over two turns, ${how}`, async () => {
      const conversation = stage.begin(
        toolCalls(CALLS, { thinking: THOUGHT }),
        thinking('Now I know.', WORDS),
        text('Colder.'),
      );
      const told = await converse({ stream, tools: true, thinking: true, prompts: [PROMPT, 'And tomorrow?'] });
      expect(told).toEqual({ answers: [WORDS, 'Colder.'], calls: CALLS });
      const asked = await conversation.asked();
      expect(asked.length).toBe(3);
      expectThought({ stage, asked: asked[1]!, thought: THOUGHT });
      expectThought({ stage, asked: asked[2]!, thought: THOUGHT });
      expect(pairResults(dialect, asked[2]!.body)).toEqual(PAIRS);
      expectIn(asked[2]!, WORDS);
    });
  }

  test('shows a picture', async () => {
    const conversation = stage.begin(text(WORDS));
    expect(await converse({ image: PICTURE })).toEqual({ answers: [WORDS], calls: [] });
    const [asked] = await conversation.asked();
    expectIn(asked!, PICTURE_START);
  });

  test('raises an error of its own when a stream breaks off', async () => {
    stage.begin(cutStream(2, 'drop', text('These words will be cut off in the middle.', { chunks: 6 })));
    const { error, answers } = await converse({ stream: true, prompts: ['Go on.'] });
    expect(answers).toBeUndefined();
    expect(error!.family.join()).toMatch(library.cutError);
    expect(error!.message).not.toBe('');
  });

  test('does not notice that the first of two accounts fails', async () => {
    await using other = await setStage(dialect, { asides: false });
    const second = await other.addSecond(text(WORDS));
    for (const [at, fault] of [rateLimited(60), status(500)].entries()) {
      await other.rest();
      const first = other.begin(fault);
      expect(await converse({ stream: at === 0, prompts: [`Who answers? ${at}`] }, other)).toEqual({
        answers: [WORDS],
        calls: [],
      });
      expect((await first.asked()).length).toBe(1);
      expect(second.generations.length).toBe(at + 1);
      expect(second.generations[at]!.refusal).toBeUndefined();
    }
  });
}
