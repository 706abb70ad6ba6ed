import { expect, test } from 'bun:test';
import type { ByteSource } from '../../../src/relay/answer.ts';
import { joinStreams } from '../../../src/relay/join-streams.ts';

function sourceOf(...pieces: readonly string[]): ByteSource & { left: boolean } {
  const rest = [...pieces];
  const source = {
    left: false,
    next: async () => rest.shift(),
    cancel: () => {
      source.left = true;
    },
  };
  return source;
}

async function read(source: ByteSource): Promise<string> {
  let text = '';
  for (let piece = await source.next(); piece !== undefined; piece = await source.next()) text += piece;
  return text;
}

const fields = { list: 'candidates', usage: 'usageMetadata' };
const chunk = (object: object) => `data: ${JSON.stringify(object)}\n\n`;

test('usage that comes with choices is told by the last of them alone', async () => {
  const said = (text: string, count: number) =>
    chunk({ candidates: [{ index: 0, text }], usageMetadata: { totalTokenCount: count }, responseId: text });
  const text = await read(joinStreams([sourceOf(said('a', 1), said('b', 4)), sourceOf(said('c', 6))], 1, fields));
  const chunks = text
    .split('\n\n')
    .filter((frame) => frame !== '')
    .map((frame) => JSON.parse(frame.slice('data: '.length)));
  expect(chunks).toHaveLength(3);
  expect(chunks.map(({ usageMetadata }) => usageMetadata)).toEqual([undefined, undefined, { totalTokenCount: 10 }]);
  expect(chunks.map(({ candidates }) => [candidates[0].index, candidates[0].text]).sort()).toEqual([
    [0, 'a'],
    [0, 'b'],
    [1, 'c'],
  ]);
  expect(new Set(chunks.map(({ responseId }) => responseId)).size).toBe(1);
});

test('an error ends all', async () => {
  const endless: ByteSource & { left?: boolean } = sourceOf(chunk({ candidates: [] }));
  const text = await read(joinStreams([sourceOf(chunk({ error: { message: 'no' } })), endless], 1, fields));
  expect(text.endsWith(chunk({ error: { message: 'no' } }))).toBe(true);
  expect(endless.left).toBe(true);
});

test('a client that leaves leaves all', () => {
  const sources = [sourceOf(), sourceOf()];
  joinStreams(sources, 1, fields).cancel();
  expect(sources.map(({ left }) => left)).toEqual([true, true]);
});
