import { expect, test } from 'bun:test';
import { makerOf } from '../../../../src/relay/counting/model-maker.ts';
import type { TokenRatio } from '../../../../src/relay/counting/token-ratios.ts';
import { weighEstimates } from '../../../../src/relay/counting/weigh-estimates.ts';

const ratio: TokenRatio = { model: 'm', dialect: 'openai-chat', mean: Math.log(0.5), variance: 0.0001, count: 60 };
const counted = { text: 1000, media: 0, mediaCharacters: 0 };

test('without anything learnt, the words count alone', () => {
  const estimate = weighEstimates(counted, makerOf('claude-opus-5'), { bytes: 4000, ratio: undefined });
  expect(estimate).toEqual({ tokens: 1000, within: 0.2 });
});

test('U13: what past answers came to outweighs a factor that is only a guess', () => {
  const { tokens, within } = weighEstimates(counted, makerOf('other'), { bytes: 4000, ratio });
  expect(tokens).toBeGreaterThan(1800);
  expect(tokens).toBeLessThan(2000);
  expect(within).toBeLessThan(0.1);
});

test('a small request is not measured by its length', () => {
  const estimate = weighEstimates({ ...counted, text: 10 }, makerOf('other'), { bytes: 300, ratio });
  expect(estimate.tokens).toBe(10);
});

test('pictures are no part of the length, and make the whole less sure', () => {
  const withPicture = { text: 1000, media: 1000, mediaCharacters: 100_000 };
  const plain = weighEstimates(counted, makerOf('gpt-4o'), { bytes: 4000, ratio });
  const estimate = weighEstimates(withPicture, makerOf('gpt-4o'), { bytes: 104_000, ratio });
  expect(estimate.tokens).toBe(plain.tokens + 1000);
  expect(estimate.within).toBeGreaterThan(plain.within);
});
