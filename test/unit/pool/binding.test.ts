import { describe, expect, test } from 'bun:test';
import { createBindings } from '../../../src/pool/binding.ts';

const at = (now: number) => ({ now, ttlMs: 100 });

describe('ties', () => {
  test('last as long as the conversation goes on, and no longer', () => {
    const bindings = createBindings();
    bindings.tie('talk', 'm', 'a', at(0));
    expect(bindings.find('talk', 'm', 99)).toBe('a');
    bindings.tie('talk', 'm', 'a', at(90));
    expect(bindings.find('talk', 'm', 189)).toBe('a');
    expect(bindings.find('talk', 'm', 190)).toBeUndefined();
  });

  test('follow the account that served last', () => {
    const bindings = createBindings();
    bindings.tie('talk', 'm', 'a', at(0));
    bindings.tie('talk', 'm', 'b', at(1));
    expect(bindings.find('talk', 'm', 2)).toBe('b');
  });

  test('of one model are not undone by requests for another', () => {
    const bindings = createBindings();
    bindings.tie('talk', 'large', 'a', at(0));
    bindings.tie('talk', 'small', 'b', at(1));
    expect(bindings.find('talk', 'large', 2)).toBe('a');
    expect(bindings.find('talk', 'small', 2)).toBe('b');
  });

  test('suggest the account of the conversation for a model that it has not asked for yet', () => {
    const bindings = createBindings();
    bindings.tie('talk', 'large', 'a', at(0));
    expect(bindings.find('talk', 'new', 1)).toBe('a');
    expect(bindings.find('other talk', 'large', 1)).toBeUndefined();
  });

  test('are forgotten oldest first when there are too many', () => {
    const bindings = createBindings(4);
    bindings.tie('one', 'm', 'a', at(0));
    bindings.tie('two', 'm', 'a', at(0));
    bindings.tie('one', 'm', 'a', at(1));
    bindings.tie('three', 'm', 'a', at(2));
    expect(bindings.size).toBe(4);
    expect(bindings.find('two', 'm', 3)).toBeUndefined();
    expect(bindings.find('one', 'm', 3)).toBe('a');
  });

  test('to accounts that are gone are undone', () => {
    const bindings = createBindings();
    bindings.tie('one', 'm', 'a', at(0));
    bindings.tie('two', 'm', 'b', at(0));
    bindings.keepOnly(new Set(['b']));
    expect(bindings.find('one', 'm', 1)).toBeUndefined();
    expect(bindings.find('two', 'm', 1)).toBe('b');
  });
});
