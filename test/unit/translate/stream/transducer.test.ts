import { expect, test } from 'bun:test';
import { chain, runAll, type Transducer } from '../../../../src/translate/stream/transducer.ts';

const twice: Transducer<number, number> = (emit) => ({
  push: (n) => {
    emit(n);
    emit(n);
  },
  finish: () => emit(-1),
});
const sum: Transducer<number, number> = (emit) => {
  let total = 0;
  return {
    push: (n) => {
      total += n;
    },
    finish: () => emit(total),
  };
};

test('the outputs of the first stage are the inputs of the second, those of its end too', () => {
  expect(runAll(chain(twice, sum), [1, 2])).toEqual([5]);
});

test('each run starts afresh', () => {
  const both = chain(twice, sum);
  expect(runAll(both, [1])).toEqual(runAll(both, [1]));
});
