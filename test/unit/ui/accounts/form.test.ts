import { describe, expect, test } from 'bun:test';
import { EMPTY_FORM, FORM_PROVIDERS, inputOf, readForm } from '../../../../src/ui/accounts/form.ts';

const read = (fields: { [name: string]: string }) => readForm(new URLSearchParams(fields));

describe('what was typed', () => {
  test('becomes the body of a new account', () => {
    const typed = {
      name: ' work ',
      provider: 'openai',
      api_key: ' sk-0123456789 ',
      base_url: ' http://x/v1 ',
      models: 'gpt-5, gpt-5-mini\n o3',
    };
    expect(read(typed).body).toEqual({
      name: 'work',
      provider: 'openai',
      base_url: 'http://x/v1',
      credential: { type: 'api_key', api_key: 'sk-0123456789' },
      models: ['gpt-5', 'gpt-5-mini', 'o3'],
    });
  });

  test.each([
    [{ name: 'x', provider: 'ollama' }],
    [{ name: 'x', provider: 'ollama', api_key: ' ', base_url: '', models: ' , ' }],
  ])('and left empty is absent: %j', (typed) => {
    expect(read(typed).body).toEqual({ name: 'x', provider: 'ollama' });
  });

  test('of an empty form is still a body, which the admin refuses', () => {
    expect(read({}).body).toEqual({ name: '', provider: '' });
  });

  test('is shown again, but for the key', () => {
    const { values } = read({
      name: 'work',
      provider: 'openai',
      api_key: 'sk-0123456789',
      base_url: 'u',
      models: 'a,b',
    });
    expect(values).toEqual({ name: 'work', provider: 'openai', baseUrl: 'u', models: 'a,b' });
    expect(JSON.stringify(values)).not.toContain('0123456789');
  });
});

describe('the input that a message is about', () => {
  test.each([
    ['name', 'name'],
    ['provider', 'provider'],
    ['base_url', 'base_url'],
    ['credential', 'api_key'],
    ['credential.api_key', 'api_key'],
    ['models[2]', 'models'],
    ['models', 'models'],
    [undefined, undefined],
  ])('%p is %p', (field, input) => {
    expect(inputOf(field)).toBe(input as string);
  });
});

test('the form offers the providers that a key is enough for, and begins with one of them', () => {
  expect(FORM_PROVIDERS).toContain('openai');
  expect(FORM_PROVIDERS).not.toContain('vertex');
  expect(FORM_PROVIDERS as readonly string[]).toContain(EMPTY_FORM.values.provider);
});
