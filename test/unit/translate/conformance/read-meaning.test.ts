import { describe, expect, test } from 'bun:test';
import { findOtherMeaning } from '../../../../src/translate/conformance/read-meaning.ts';
import { findScenario } from '../../../../src/translate/conformance/recording.ts';
import { type TranslationJob, translateText } from '../../../../src/translate/translate-text.ts';
import { readClientRequest, readRecording } from '../../../support/scenario-recording.ts';

const scenario = findScenario('parallel-tool-calls');
const asked = readClientRequest(scenario, 'anthropic-messages')!;
const recorded = readRecording(scenario, 'openai-chat');

function jobOf(kind: 'response' | 'stream', body: string): TranslationJob {
  return { kind, from: 'openai-chat', to: 'anthropic-messages', request: asked.body, model: asked.model, body };
}

describe.each([
  ['response', recorded.whole!],
  ['stream', recorded.stream!],
] as const)('a translated %s', (kind, body) => {
  const job = jobOf(kind, body);
  const { output } = translateText(job, 0);

  test('means the same', () => {
    expect(findOtherMeaning(job, output)).toBeUndefined();
  });

  test.each([
    ['Marstal', 'Marstel', 'the calls are other ones'],
    ['tide_at', 'tide', 'the calls are other ones'],
    ['I look', 'I see', 'the text is another one'],
    ['"tool_use"', '"text"', /other|another|ends/],
  ])('is seen to mean something else when %s becomes %s', (word, other, words) => {
    expect(output).toContain(word);
    expect(findOtherMeaning(job, output.replaceAll(word, other))).toMatch(words);
  });

  test('is no error, and an error is no answer', () => {
    expect(findOtherMeaning(job, undefined)).toBe('the client gets an error');
    expect(
      findOtherMeaning(
        jobOf(kind, kind === 'response' ? '{"error":{"message":"no"}}' : 'data: {"error":{}}\n\n'),
        output,
      ),
    ).toBe('the client does not hear of the error');
  });
});
