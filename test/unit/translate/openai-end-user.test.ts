import { expect, test } from 'bun:test';
import { readEndUser, writeEndUser } from '../../../src/translate/openai-end-user.ts';

test.each([{}, { user: 'u' }, { safety_identifier: 's' }, { user: 'u', safety_identifier: 's' }])(
  '%j is written as it was read',
  (fields) => {
    expect(writeEndUser(readEndUser({ model: 'm', ...fields }))).toEqual(fields);
  },
);

test('a name that is no text is refused', () => {
  expect(() => readEndUser({ user: 1 })).toThrow("'user'");
});
