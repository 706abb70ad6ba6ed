import { test } from 'bun:test';
import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import fc from 'fast-check';
import { adaptTools } from '../../src/translate/adapt-tools.ts';
import { emptyRequest, type Tool } from '../../src/translate/canonical/request.ts';
import { restoreToolsIn } from '../../src/translate/restore-tools.ts';
import { nameTools, type ToolNameRules } from '../../src/translate/tool-names.ts';

const OPENAI: ToolNameRules = {
  valid: /^[a-zA-Z0-9_-]{1,64}$/,
  invalidCharacter: /[^a-zA-Z0-9_-]/,
  maxLength: 64,
  custom: false,
  namespaces: false,
};
const GEMINI: ToolNameRules = {
  ...OPENAI,
  valid: /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/,
  invalidCharacter: /[^a-zA-Z0-9_.:-]/,
  maxLength: 128,
};
const rules = fc.constantFrom(OPENAI, GEMINI, { ...OPENAI, namespaces: true }, { ...OPENAI, custom: true });
const name = fc.oneof(
  fc.constantFrom('a.b', 'a_b', 'a:b', 'a__b', 'b', 'functions__b', `${'x'.repeat(70)}1`, `${'x'.repeat(70)}2`),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
);
const tool: fc.Arbitrary<Tool> = fc.record(
  {
    kind: fc.constantFrom('function' as const, 'custom' as const),
    name,
    namespace: fc.constantFrom('functions', 'a', 'mail.box'),
  },
  { requiredKeys: ['kind', 'name'] },
);
const tools = fc.uniqueArray(tool, {
  maxLength: 12,
  selector: (one) => JSON.stringify([one.name, one.kind === 'opaque' ? undefined : one.namespace]),
});

test('names are valid, told apart, and led back', () => {
  fc.assert(
    fc.property(tools, rules, (list, wanted) => {
      const names = nameTools({ ...emptyRequest('m', false), tools: list }, wanted);
      const wires = new Set<string>();
      for (const one of list) {
        if (one.kind === 'opaque') continue;
        const wire = names.toWire(one.name, one.namespace);
        const scope = wanted.namespaces ? one.namespace : undefined;
        ok(wanted.valid.test(wire), `${wire} is not valid`);
        ok(!wires.has(JSON.stringify([scope, wire])), `${wire} is taken twice`);
        wires.add(JSON.stringify([scope, wire]));
        const { kind: _kind, ...identity } = one;
        const { kind: _same, ...found } = names.fromWire(wire, scope)!;
        deepStrictEqual(found, identity);
      }
    }),
    { numRuns: 500 },
  );
});

test('a longer history never changes the names of a shorter one', () => {
  fc.assert(
    fc.property(tools, fc.nat({ max: 12 }), rules, (list, cut, wanted) => {
      const calls = list.map((one) => ({
        role: 'assistant' as const,
        parts: [{ type: 'tool-call' as const, callId: 'c', arguments: '{}', ...(one as Tool & { kind: 'function' }) }],
      }));
      const whole = nameTools({ ...emptyRequest('m', false), messages: calls }, wanted);
      const begun = nameTools({ ...emptyRequest('m', false), messages: calls.slice(0, cut) }, wanted);
      for (const { parts } of calls.slice(0, cut)) {
        strictEqual(
          whole.toWire(parts[0]!.name, parts[0]!.namespace),
          begun.toWire(parts[0]!.name, parts[0]!.namespace),
        );
      }
    }),
  );
});

test('a call sent out in a history comes back as it was', () => {
  fc.assert(
    fc.property(tools, rules, fc.string({ unit: 'grapheme' }), (list, wanted, input) => {
      const parts = list.map((one) => ({
        type: 'tool-call' as const,
        callId: 'c',
        arguments: one.kind === 'custom' ? input : '{"a":1}',
        ...(one as Tool & { kind: 'function' }),
      }));
      const request = { ...emptyRequest('m', false), tools: list, messages: [{ role: 'assistant' as const, parts }] };
      const names = nameTools(request, wanted);
      const [sent] = adaptTools(request, names, wanted).request.messages;
      if (sent?.role !== 'assistant') throw new Error('the answer is gone');
      const answer = { parts: sent.parts, finish: { reason: 'tool-calls' }, losses: [] } as const;
      deepStrictEqual(restoreToolsIn(answer, names).parts, parts);
    }),
  );
});
