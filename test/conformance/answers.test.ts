import { expect } from 'bun:test';
import { GatewayError } from '../../src/base/gateway-error.ts';
import { collect } from '../../src/translate/canonical/collect.ts';
import { replay } from '../../src/translate/canonical/replay.ts';
import { emptyRequest } from '../../src/translate/canonical/request.ts';
import { DIALECT_IDS, type DialectId } from '../../src/translate/dialect-id.ts';
import { DIALECTS } from '../../src/translate/registry.ts';
import { parseJsonArray } from '../../src/translate/stream/json-array.ts';
import { parseSse, writeSse } from '../../src/translate/stream/sse.ts';
import { chain, runAll } from '../../src/translate/stream/transducer.ts';
import { traitsOfReference } from '../../src/translate/target.ts';
import {
  type AnswerRoute,
  decodeAnswer,
  decodeAnswerStream,
  encodeAnswerStream,
} from '../../src/translate/translate-answer.ts';
import { translateText } from '../../src/translate/translate-text.ts';
import { type CheckedDialect, type Checker, loadChecker, type Summary, testShared } from '../support/shared-folder.ts';
import { ANSWER_EXCEPTIONS, type Answered, type Exception } from './exceptions.ts';
import { bodyOf, type Recording, recordingsOf, UPSTREAM_DIALECTS } from './recordings.ts';

const ASPECTS = ['text', 'thinking', 'toolCalls', 'finish', 'media', 'error', 'usage'];
/** What legacy completions can carry at all. */
const LEGACY_ASPECTS = ['text', 'error', 'usage'];
const ROOTS: Record<CheckedDialect, string> = {
  'openai-chat': 'ChatCompletion',
  'openai-responses': 'Response',
  'anthropic-messages': 'Message',
  gemini: 'GenerateContentResponse',
};

const NOW = 1_700_000_000_000;

interface Way {
  readonly name: string;
  readonly recorded: 'whole' | 'stream';
  readonly translate: (recording: Recording, to: DialectId) => string;
  readonly check: (checker: Checker, recording: Recording, to: DialectId, output: string) => string[];
}

const used = new Set<Exception<Answered>>();

/** The ways an answer takes: as it came, or gathered or told in events for a client that wants the other form. */
const WAYS: readonly Way[] = [
  {
    name: 'whole answers',
    recorded: 'whole',
    check: checkWhole,
    translate: (recording, to) => passText('response', recording, to),
  },
  {
    name: 'streams',
    recorded: 'stream',
    check: checkStream,
    translate: (recording, to) => passText('stream', recording, to),
  },
  { name: 'whole answers, as streams,', recorded: 'whole', check: checkStream, translate: tellWhole },
  { name: 'streams, gathered,', recorded: 'stream', check: checkWhole, translate: gatherStream },
];

for (const way of WAYS) {
  for (const from of UPSTREAM_DIALECTS) {
    for (const to of DIALECT_IDS) {
      if (to === from) continue;
      testShared(`${way.name} of ${from} reach clients of ${to}`, async () => {
        const checker = await loadChecker();
        const findings = recordingsOf(way.recorded, from).flatMap((recording) =>
          checkAnswer(checker, way, recording, to),
        );
        expect(findings).toEqual([]);
      });
    }
  }
}

testShared('every exception is still needed', () => {
  expect(ANSWER_EXCEPTIONS.filter((one) => !used.has(one)).map((one) => one.why)).toEqual([]);
});

function checkAnswer(checker: Checker, way: Way, recording: Recording, to: DialectId): string[] {
  return findingsOf(checker, way, recording, to)
    .filter((finding) => !isExcused(recording, to, finding))
    .map((finding) => `${recording.file}: ${finding}`);
}

function findingsOf(checker: Checker, way: Way, recording: Recording, to: DialectId): string[] {
  let output: string;
  try {
    output = way.translate(recording, to);
  } catch (thrown) {
    const isTold = thrown instanceof GatewayError && summarizeSource(checker, recording).error !== null;
    return isTold ? [] : [`throws ${thrown}`];
  }
  return way.check(checker, recording, to, output);
}

function passText(kind: 'response' | 'stream', recording: Recording, to: DialectId): string {
  return translateText({ kind, from: recording.dialect, to, body: bodyOf(recording) }, NOW).output;
}

function tellWhole(recording: Recording, to: DialectId): string {
  const route = routeOf(recording, to);
  const response = decodeAnswer(route, JSON.parse(bodyOf(recording)));
  return runAll(encodeAnswerStream(route), replay(response)).map(writeSse).join('');
}

function gatherStream(recording: Recording, to: DialectId): string {
  const route = routeOf(recording, to);
  const body = bodyOf(recording);
  const parse = body.startsWith('[') ? parseJsonArray : parseSse;
  const events = runAll(chain(parse, decodeAnswerStream(route)), [new TextEncoder().encode(body)]);
  return JSON.stringify(route.client.client!.encodeResponse(collect(events), route.context));
}

function routeOf(recording: Recording, to: DialectId): AnswerRoute {
  return {
    upstream: DIALECTS[recording.dialect],
    client: DIALECTS[to],
    traits: traitsOfReference(recording.dialect),
    targetModel: 'm',
    context: { request: emptyRequest('m', recording.type === 'whole'), exchangeId: 'exchange', createdAt: NOW },
  };
}

function isExcused(recording: Recording, to: DialectId, finding: string): boolean {
  const excuse = ANSWER_EXCEPTIONS.find((one) => one.finding.test(finding) && one.applies({ recording, to }));
  if (excuse !== undefined) used.add(excuse);
  return excuse !== undefined;
}

function checkStream(checker: Checker, recording: Recording, to: DialectId, output: string): string[] {
  const source = summarizeSource(checker, recording);
  const { problems, summary } = checker.checkStream(output, checkedAs(to), { profile: 'closed' });
  const faults = problems
    .filter((one) => one.level === 'error')
    .map((one) => `${one.rule} at ${one.at}: ${one.message}`);
  return [...faults, ...compare(checker, source, summary, to)];
}

function checkWhole(checker: Checker, recording: Recording, to: DialectId, output: string): string[] {
  const source = summarizeSource(checker, recording);
  const root = to === 'openai-completions' ? 'Completion' : ROOTS[to];
  const answer = JSON.parse(output);
  const { errors } = checker.schemas().validate(checkedAs(to), root, answer, 'closed');
  const faults = errors.map((error) => `schema: ${error}`);
  return [...faults, ...compare(checker, source, checker.summarizeWhole(answer, checkedAs(to)), to)];
}

function summarizeSource(checker: Checker, recording: Recording): Summary {
  const body = bodyOf(recording);
  if (recording.type === 'stream') return checker.checkStream(body, recording.dialect).summary;
  return checker.summarizeWhole(JSON.parse(body), recording.dialect);
}

function compare(checker: Checker, source: Summary, target: Summary, to: DialectId): string[] {
  if (source.error !== null) return target.error === null ? ['error: the source has one, the target none'] : [];
  const aspects = to === 'openai-completions' ? LEGACY_ASPECTS : ASPECTS;
  return checker.compareSummaries(alike(source), alike(target), aspects);
}

/**
 * A summary without what dialects only say in another place: a refusal is text in two of them, thoughts come in one part or in
 * several, and the input of a custom tool is an argument where there are only functions.
 */
function alike(summary: Summary): Summary {
  return {
    ...summary,
    text: summary.text + summary.refusal,
    thinking: summary.thinking.replace(/\s+/g, ''),
    toolCalls: summary.toolCalls.map((call) => ({ ...call, args: inputOf(call.args) })),
  };
}

function inputOf(args: unknown): unknown {
  if (typeof args !== 'object' || args === null || Object.keys(args).join() !== 'input') return args;
  return (args as { input: unknown }).input;
}

function checkedAs(dialect: DialectId): CheckedDialect {
  return dialect === 'openai-completions' ? 'openai-chat' : dialect;
}
