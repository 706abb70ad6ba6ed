import { describe, test } from 'bun:test';
import fc from 'fast-check';
import { GatewayError } from '../../src/base/gateway-error.ts';
import { type JsonObject, parseJsonObject, tryParseJson } from '../../src/base/json.ts';
import { SCENARIOS, UPSTREAMS, type UpstreamDialect } from '../../src/translate/conformance/scenario.ts';
import { DIALECT_IDS, type DialectId } from '../../src/translate/dialect-id.ts';
import { DIALECTS } from '../../src/translate/registry.ts';
import { parseSse, type SseFrame, writeSse } from '../../src/translate/stream/sse.ts';
import { runAll } from '../../src/translate/stream/transducer.ts';
import { type TranslationJob, translateText } from '../../src/translate/translate-text.ts';
import { anyMutations, mutate } from '../support/mutate-json.ts';
import { readClientRequest, readRecording } from '../support/scenario-recording.ts';

const NOW = Date.UTC(2026, 10, 22);
const MODELS: { readonly [U in UpstreamDialect]: readonly string[] } = {
  'openai-chat': ['gpt-4o', 'gpt-5.2', 'm'],
  'openai-responses': ['gpt-4o', 'gpt-5.2', 'm'],
  'anthropic-messages': ['claude-3-haiku-20240307', 'claude-sonnet-4-5', 'claude-opus-5-5', 'm'],
  gemini: ['gemini-2.0-flash', 'gemini-2.5-pro', 'gemini-3-pro-preview', 'm'],
};

/** Runs a translation of odd input, which may be refused but must not fail. */
function translateOdd(job: TranslationJob): string | undefined {
  try {
    return translateText(job, NOW).output;
  } catch (thrown) {
    if (thrown instanceof GatewayError && thrown.kind !== 'internal') return undefined;
    throw thrown;
  }
}

const requestsOf = (client: DialectId) =>
  SCENARIOS.flatMap((scenario) => (scenario.asks === undefined ? (readClientRequest(scenario, client) ?? []) : [])).map(
    ({ body }) => parseJsonObject(body),
  );

/** Whether a request is one that can be asked at all: some scenarios show what is refused. */
function isTaken(client: DialectId, body: JsonObject): boolean {
  try {
    DIALECTS[client].client!.decodeRequest(body, { model: 'm', stream: true });
    return true;
  } catch {
    return false;
  }
}

function texts(upstream: UpstreamDialect, piece: 'whole' | 'stream' | 'error'): string[] {
  return SCENARIOS.flatMap((scenario) => readRecording(scenario, upstream)[piece] ?? []);
}

const anyObject = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })) as fc.Arbitrary<JsonObject>;
/** Values that are nested deeper than anybody means. */
const deep = fc.tuple(fc.constantFrom('[', '{"a":'), fc.constantFrom(100, 1001, 20_000)).map(([open, levels]) => {
  const close = open === '[' ? ']' : '}';
  return `${open.repeat(levels)}1${close.repeat(levels)}`;
});

describe.each([...DIALECT_IDS])('an odd request of %s', (client) => {
  const requests = requestsOf(client);
  for (const upstream of UPSTREAMS.filter((one) => one !== client)) {
    test(`is translated for ${upstream}, or refused`, () => {
      const body = fc.oneof(
        {
          weight: 8,
          arbitrary: fc.tuple(fc.constantFrom(...requests), anyMutations).map(([one, how]) => mutate(one, how)),
        },
        { weight: 1, arbitrary: anyObject },
      );
      fc.assert(
        fc.property(body, fc.constantFrom(...MODELS[upstream]), (request, model) => {
          const output = translateOdd({
            kind: 'request',
            from: client,
            to: upstream,
            body: JSON.stringify(request),
            model,
          });
          if (output !== undefined) parseJsonObject(output);
        }),
        { includeErrorInReport: true, numRuns: 400 },
      );
    });
  }

  test('is translated or refused, however deep and whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(deep, fc.string(), fc.json()), fc.constantFrom(...UPSTREAMS), (text, upstream) => {
        const key = client === 'gemini' ? 'contents' : client === 'openai-responses' ? 'input' : 'messages';
        for (const body of [text, `{"model":"m","${key}":${text}}`, `{"model":"m","tools":${text},"prompt":${text}}`]) {
          translateOdd({ kind: 'request', from: client, to: upstream, body });
        }
      }),
      { includeErrorInReport: true, numRuns: 60 },
    );
  });
});

describe.each([...UPSTREAMS])('an odd answer of %s', (upstream) => {
  const clients = DIALECT_IDS.filter((one) => one !== upstream);
  const client = fc.constantFrom(...clients);
  const wholes = texts(upstream, 'whole').map(parseJsonObject);
  const streams = texts(upstream, 'stream').map(framesOf);
  const errors = texts(upstream, 'error');
  const askedBy = new Map(
    clients.map((one) => [
      one,
      requestsOf(one)
        .filter((body) => isTaken(one, body))
        .map((body) => JSON.stringify(body)),
    ]),
  );

  test('is translated whole, or told as an error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...wholes), anyMutations, client, fc.nat(), (whole, how, to, asks) => {
        const requests = askedBy.get(to)!;
        const request = requests[asks % requests.length]!;
        const body = JSON.stringify(mutate(whole, how));
        const output = translateOdd({ kind: 'response', from: upstream, to, body, request });
        if (output !== undefined) parseJsonObject(output);
        DIALECTS[upstream].upstream!.watchResponse(mutate(whole, how));
      }),
      { includeErrorInReport: true, numRuns: 1500 },
    );
  });

  test('is translated as a stream that ends', () => {
    const anyFrames = fc
      .tuple(fc.constantFrom(...streams), fc.array(fc.tuple(fc.nat(), anyMutations), { minLength: 1, maxLength: 3 }))
      .map(([frames, changes]) =>
        changes.reduce((list, [at, how]) => changeFrame(list, at % list.length, how), frames),
      );
    fc.assert(
      fc.property(anyFrames, client, fc.nat(), (frames, to, asks) => {
        const requests = askedBy.get(to)!;
        const request = requests[asks % requests.length]!;
        // not even an error: whatever is wrong with frames is told within the stream
        const { output } = translateText(
          { kind: 'stream', from: upstream, to, body: frames.map(writeSse).join(''), request },
          NOW,
        );
        for (const { data } of framesOf(output))
          if (data !== '[DONE]' && tryParseJson(data) === undefined) throw new Error(data);
        const watcher = DIALECTS[upstream].upstream!.watchStream();
        for (const frame of frames) watcher.see(frame);
        watcher.report();
      }),
      { includeErrorInReport: true, numRuns: 1500 },
    );
  });

  test('is read as an error, whatever it is', () => {
    const anyBody = fc.oneof(
      fc
        .tuple(fc.constantFrom(...errors), anyMutations)
        .map(([error, how]) => JSON.stringify(mutate(parseJsonObject(error), how))),
      deep,
      fc.string(),
      fc.json(),
    );
    fc.assert(
      fc.property(anyBody, client, fc.integer({ min: 300, max: 599 }), (body, to, status) => {
        parseJsonObject(translateText({ kind: 'error', from: upstream, to, body, status }, NOW).output);
      }),
      { includeErrorInReport: true, numRuns: 500 },
    );
  });
});

function framesOf(stream: string): SseFrame[] {
  return runAll(parseSse, [new TextEncoder().encode(stream)]);
}

/** A frame with changed data; where it has no JSON, it is left out. */
function changeFrame(frames: readonly SseFrame[], at: number, how: Parameters<typeof mutate>[1]): SseFrame[] {
  const frame = frames[at];
  const data = frame === undefined ? undefined : tryParseJson(frame.data);
  if (frame === undefined || typeof data !== 'object' || data === null || Array.isArray(data))
    return frames.toSpliced(at, 1);
  return frames.with(at, { ...frame, data: JSON.stringify(mutate(data as JsonObject, how)) });
}
