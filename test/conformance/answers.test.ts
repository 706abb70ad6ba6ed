import { expect } from 'bun:test';
import { GatewayError } from '../../src/base/gateway-error.ts';
import { DIALECT_IDS, type DialectId } from '../../src/translate/dialect-id.ts';
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

const used = new Set<Exception<Answered>>();

for (const type of ['whole', 'stream'] as const) {
  for (const from of UPSTREAM_DIALECTS) {
    for (const to of DIALECT_IDS) {
      if (to === from) continue;
      testShared(`${type} answers of ${from} reach clients of ${to}`, async () => {
        const checker = await loadChecker();
        const findings = recordingsOf(type, from).flatMap((recording) => checkAnswer(checker, recording, to));
        expect(findings).toEqual([]);
      });
    }
  }
}

testShared('every exception is still needed', () => {
  expect(ANSWER_EXCEPTIONS.filter((one) => !used.has(one)).map((one) => one.why)).toEqual([]);
});

function checkAnswer(checker: Checker, recording: Recording, to: DialectId): string[] {
  const findings =
    recording.type === 'stream' ? checkStream(checker, recording, to) : checkWhole(checker, recording, to);
  return findings
    .filter((finding) => !isExcused(recording, to, finding))
    .map((finding) => `${recording.file}: ${finding}`);
}

function isExcused(recording: Recording, to: DialectId, finding: string): boolean {
  const excuse = ANSWER_EXCEPTIONS.find((one) => one.finding.test(finding) && one.applies({ recording, to }));
  if (excuse !== undefined) used.add(excuse);
  return excuse !== undefined;
}

function checkStream(checker: Checker, recording: Recording, to: DialectId): string[] {
  const body = bodyOf(recording);
  const source = checker.checkStream(body, recording.dialect).summary;
  const { output } = translateText({ kind: 'stream', from: recording.dialect, to, body }, 1_700_000_000_000);
  const { problems, summary } = checker.checkStream(output, checkedAs(to), { profile: 'closed' });
  const faults = problems
    .filter((one) => one.level === 'error')
    .map((one) => `${one.rule} at ${one.at}: ${one.message}`);
  return [...faults, ...compare(checker, source, summary, to)];
}

function checkWhole(checker: Checker, recording: Recording, to: DialectId): string[] {
  const body = bodyOf(recording);
  const source = checker.summarizeWhole(JSON.parse(body), recording.dialect);
  let output: string;
  try {
    output = translateText({ kind: 'response', from: recording.dialect, to, body }, 1_700_000_000_000).output;
  } catch (thrown) {
    if (thrown instanceof GatewayError && source.error !== null) return [];
    return [`throws ${thrown}`];
  }
  const root = to === 'openai-completions' ? 'Completion' : ROOTS[to];
  const answer = JSON.parse(output);
  const { errors } = checker.schemas().validate(checkedAs(to), root, answer, 'closed');
  return [
    ...errors.map((error) => `schema: ${error}`),
    ...compare(checker, source, checker.summarizeWhole(answer, checkedAs(to)), to),
  ];
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
