import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { asObject } from '../../src/base/json.ts';
import type { Usage } from '../../src/base/usage.ts';
import { collect } from '../../src/translate/canonical/collect.ts';
import { keepEventLaw } from '../../src/translate/canonical/event-law.ts';
import { replay } from '../../src/translate/canonical/replay.ts';
import { type CanonicalRequest, emptyRequest } from '../../src/translate/canonical/request.ts';
import type { CanonicalResponse } from '../../src/translate/canonical/response.ts';
import { UPSTREAMS } from '../../src/translate/conformance/scenario.ts';
import { DIALECTS } from '../../src/translate/registry.ts';
import { chain, runAll } from '../../src/translate/stream/transducer.ts';

const tokens = fc.nat({ max: 1_000_000 });
/** Tokens as a careful upstream counts them: parts are no more than their whole. */
const anyUsage: fc.Arbitrary<Required<Omit<Usage, 'estimated' | 'cacheWriteHour'>>> = fc
  .record({ fresh: tokens, cacheRead: tokens, cacheWrite: tokens, visible: tokens, reasoning: tokens })
  .map(({ fresh, cacheRead, cacheWrite, visible, reasoning }) => ({
    input: fresh + cacheRead + cacheWrite,
    cacheRead,
    cacheWrite,
    output: visible + reasoning,
    reasoning,
  }));

const request: CanonicalRequest = { ...emptyRequest('m', true), answer: { includeUsage: true, showReasoning: true } };
const context = { request, exchangeId: 'x', createdAt: 0 };

function answerWith(usage: Usage): CanonicalResponse {
  return { parts: [{ type: 'text', text: 'hello' }], finish: { reason: 'stop' }, usage, losses: [] };
}

describe.each([...UPSTREAMS])('usage in %s', (dialect) => {
  const { client, upstream } = DIALECTS[dialect];
  /** Gemini does not say what was written to a cache: it is within the prompt. */
  const expected = ({ cacheWrite, ...usage }: Usage): Usage =>
    dialect === 'gemini' ? usage : { ...usage, cacheWrite: cacheWrite! };
  const told = ({ input, cacheRead, cacheWrite, output, reasoning }: Usage = {}): Usage => {
    const all = { input: input ?? 0, cacheRead: cacheRead ?? 0, output: output ?? 0, reasoning: reasoning ?? 0 };
    return dialect === 'gemini' ? all : { ...all, cacheWrite: cacheWrite ?? 0 };
  };

  test('is read again as it was written, whole', () => {
    fc.assert(
      fc.property(anyUsage, (usage) => {
        const body = client!.encodeResponse(answerWith(usage), context);
        expect(told(upstream!.decodeResponse(JSON.parse(JSON.stringify(body)), context).usage)).toEqual(
          expected(usage),
        );
      }),
      { includeErrorInReport: true },
    );
  });

  test('is read again as it was written, streamed', () => {
    fc.assert(
      fc.property(anyUsage, (usage) => {
        const frames = runAll(client!.encodeStream(context), replay(answerWith(usage)));
        const events = runAll(chain(upstream!.decodeStream(context), keepEventLaw), frames);
        expect(told(collect(events).usage)).toEqual(expected(usage));
      }),
      { includeErrorInReport: true },
    );
  });

  test('adds up to the same total for every client', () => {
    fc.assert(
      fc.property(anyUsage, (usage) => {
        const total = usage.input + usage.output;
        const body = client!.encodeResponse(answerWith(usage), context);
        const wire = asObject(body.usage ?? body.usageMetadata)!;
        const sum =
          dialect === 'anthropic-messages'
            ? ['input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens', 'output_tokens'].reduce(
                (whole, field) => whole + Number(wire[field]),
                0,
              )
            : Number(wire.total_tokens ?? wire.totalTokenCount);
        expect(sum).toBe(total);
        const legacy = asObject(
          DIALECTS['openai-completions'].client!.encodeResponse(answerWith(usage), context).usage,
        )!;
        expect([legacy.total_tokens, legacy.prompt_tokens, legacy.completion_tokens]).toEqual([
          total,
          usage.input,
          usage.output,
        ]);
      }),
      { includeErrorInReport: true },
    );
  });
});
