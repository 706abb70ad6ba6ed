import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../src/base/json.ts';
import { echoEmbeddings } from '../../../src/upstream/echo-embeddings.ts';

async function embed(body: JsonObject): Promise<number[][]> {
  const response = echoEmbeddings({ resource: 'embeddings', model: 'trivium-echo', body });
  const { data } = (await response.json()) as { data: { embedding: number[] }[] };
  return data.map(({ embedding }) => embedding);
}
const likeness = (a: readonly number[] = [], b: readonly number[] = []) =>
  a.reduce((sum, value, at) => sum + value * b[at]!, 0);

describe('the echo’s embeddings', () => {
  test('are the same for the same text, and near for texts that share words', async () => {
    const input = ['the quick brown fox', 'The quick brown fox!', 'the quick brown dog', 'something else entirely'];
    const [first, same, near, far] = await embed({ input });
    expect(first).toHaveLength(64);
    expect(likeness(first, same)).toBeCloseTo(1);
    expect(likeness(first, near)).toBeGreaterThan(likeness(first, far));
  });

  test('are of length one, whatever their size', async () => {
    for (const [vector] of [
      await embed({ input: 'a b c', dimensions: 7 }),
      await embed({ input: '', dimensions: 7 }),
    ]) {
      expect(vector).toHaveLength(7);
      expect(likeness(vector, vector)).toBeCloseTo(1);
    }
  });

  test('are of its own model only', () => {
    const ask = () => echoEmbeddings({ resource: 'embeddings', model: 'gpt-4o', body: { input: 'a' } });
    expect(() => ask()).toThrow('trivium-echo');
  });
});
