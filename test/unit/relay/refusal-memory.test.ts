import { expect, test } from 'bun:test';
import { createRefusalMemory } from '../../../src/relay/refusal-memory.ts';

const DAY = 24 * 60 * 60 * 1000;

test('what an upstream refused is known for a day', () => {
  const memory = createRefusalMemory();
  expect(memory.refusedBy('a', 0)).toBeUndefined();
  memory.note('a', ['seed'], 0);
  expect(memory.refusedBy('a', DAY - 1)).toEqual(['seed']);
  expect(memory.refusedBy('a', DAY)).toBeUndefined();
  expect(memory.refusedBy('b', 0)).toBeUndefined();
});

test('what it refuses later is added, and what is out of date is not', () => {
  const memory = createRefusalMemory();
  memory.note('a', ['seed'], 0);
  memory.note('a', ['seed', 'user'], 5);
  expect(memory.refusedBy('a', DAY)).toEqual(['seed', 'user']);
  memory.note('a', ['n'], 2 * DAY);
  expect(memory.refusedBy('a', 2 * DAY)).toEqual(['n']);
});

test('it does not grow without end', () => {
  const memory = createRefusalMemory();
  for (let count = 0; count <= 1000; count++) memory.note(`${count}`, ['seed'], 0);
  expect(memory.refusedBy('0', 0)).toBeUndefined();
  expect(memory.refusedBy('1000', 0)).toEqual(['seed']);
});
