import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import { refit } from '../../../../src/translate/openai-responses/refit.ts';
import type { TargetTraits } from '../../../../src/translate/target.ts';
import { refitBody } from '../../../support/refit-body.ts';

const OPENAI: TargetTraits = { provider: 'openai', quirks: {} };
const SEALED = 'reasoning.encrypted_content';

type Row = readonly [model: string, sent: JsonObject, fitted: JsonObject, lost: readonly string[]];

describe('a body for another model', () => {
  test.each<Row>([
    [
      'gpt-5',
      { reasoning: { effort: 'max', summary: 'auto' } },
      { reasoning: { effort: 'high', summary: 'auto' } },
      ['effort'],
    ],
    ['gpt-5', { reasoning: { effort: 'none' } }, { reasoning: { effort: 'minimal' } }, ['reasoning-floor']],
    ['gpt-6', { reasoning: { effort: 'max' } }, { reasoning: { effort: 'max' } }, []],
    ['gpt-4o', { reasoning: { effort: 'low' }, include: [SEALED, 'x'] }, { include: ['x'] }, ['reasoning']],
    ['gpt-4o', { include: [SEALED] }, {}, []],
    ['gpt-5', { temperature: 0.5, top_p: 1 }, {}, ['sampling']],
    ['gpt-5.2', { temperature: 0.5 }, { temperature: 0.5 }, []],
    ['gpt-5.2', { temperature: 0.5, reasoning: { effort: 'low' } }, { reasoning: { effort: 'low' } }, ['sampling']],
    ['gpt-4o', { max_output_tokens: 20_000 }, { max_output_tokens: 16_384 }, ['clamped=max_tokens']],
    [
      'some-model',
      { reasoning: { effort: 'max' }, temperature: 0.5 },
      { reasoning: { effort: 'max' }, temperature: 0.5 },
      [],
    ],
  ])('%s: %j', (model, sent, fitted, lost) => {
    expect<unknown>(refitBody(refit, { input: 'hi', ...sent }, { model, traits: OPENAI })).toEqual({
      body: { input: 'hi', ...fitted },
      lost,
    });
  });
});

describe('sealed thoughts are asked for', () => {
  test.each<[string, JsonObject, JsonObject['include'], TargetTraits]>([
    ['where nothing is kept', { store: false }, [SEALED], OPENAI],
    ['beside what else is', { store: false, include: ['x'] }, ['x', SEALED], OPENAI],
    ['once', { store: false, include: [SEALED] }, [SEALED], OPENAI],
    ['not where answers are kept', { store: true }, undefined, OPENAI],
    ['not where nothing is said', {}, undefined, OPENAI],
    ['not of other servers', { store: false }, undefined, { provider: 'openai-compatible', quirks: {} }],
  ])('%s', (_when, body, include, traits) => {
    const got = refitBody(refit, body, { model: 'gpt-5', traits, renamed: false });
    expect<unknown>(got).toEqual({ body: include === undefined ? body : { ...body, include }, lost: [] });
  });

  test('but not of a model without any', () => {
    expect(refitBody(refit, { store: false }, { model: 'gpt-4o', traits: OPENAI }).body).toEqual({ store: false });
  });
});
