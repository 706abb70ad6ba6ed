import { describe, expect, test } from 'bun:test';
import { findPrice } from '../../../src/base/prices.ts';
import { choosePrices } from '../../../src/config/price-catalog.ts';

const OWN = {
  date: '2026-11-01',
  prices: [{ providers: ['openai-compatible'], models: ['mine'], input: 1, output: 2 }],
};

describe('the embedded prices', () => {
  const { catalog, source, fault } = choosePrices(undefined);

  test('are whole and have a date', () => {
    expect({ source, fault }).toEqual({ source: 'embedded', fault: undefined });
    expect(catalog.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    for (const price of catalog.prices) {
      expect(price.cacheRead ?? 0).toBeLessThanOrEqual(price.input);
      expect(price.above?.input ?? price.input).toBeGreaterThanOrEqual(price.input);
    }
  });

  test.each([
    ['openai', 'gpt-5-mini', 0.25],
    ['openai', 'gpt-4o-2024-08-06', 2.5],
    ['anthropic', 'claude-haiku-4-5-20251001', 1],
    ['gemini', 'gemini-2.5-flash', 0.3],
    ['zai', 'glm-4.6', 0.6],
    ['echo', 'trivium-echo', 0],
  ])('%s asks for %s %p a million tokens of input', (provider, model, input) => {
    expect(findPrice(catalog, provider, model)?.input).toBe(input);
  });

  test.each([
    ['openai', 'gpt-4o-2024-05-13'],
    ['openai', 'gpt-4o-audio-preview'],
    ['openai', 'gpt-5-mini-search'],
    ['anthropic', 'claude-opus-9'],
    ['openai-compatible', 'gpt-5-mini'],
    ['ollama', 'llama3'],
  ])('say nothing of %s %s', (provider, model) => {
    expect(findPrice(catalog, provider, model)).toBeUndefined();
  });
});

describe('the file of an owner', () => {
  test('replaces the embedded prices', () => {
    const opened = choosePrices(JSON.stringify(OWN));
    expect(opened).toEqual({ source: 'file', catalog: OWN });
  });

  test.each([
    ['', 'it is not a JSON object'],
    ['{', 'it is not a JSON object'],
    ['[]', 'it is not a JSON object'],
    [JSON.stringify({ ...OWN, date: 'today' }), '"date"'],
    [JSON.stringify({ date: OWN.date }), '"prices"'],
    [JSON.stringify({ ...OWN, prices: [{ ...OWN.prices[0], input: '1' }] }), 'prices[0].input'],
    [JSON.stringify({ ...OWN, prices: [{ ...OWN.prices[0], output: -1 }] }), 'prices[0].output'],
    [JSON.stringify({ ...OWN, prices: [{ ...OWN.prices[0], models: [] }] }), 'prices[0].models'],
    [JSON.stringify({ ...OWN, prices: [{ ...OWN.prices[0], cached: 1 }] }), 'prices[0].cached'],
    [JSON.stringify({ ...OWN, prices: [{ ...OWN.prices[0], above: { input: 1, output: 1 } }] }), 'above.input_tokens'],
  ])('is passed over with its fault told: %s', (text, fault) => {
    const opened = choosePrices(text);
    expect(opened.source).toBe('embedded');
    expect(opened.fault).toContain(fault);
  });
});
