import { describe, expect, test } from 'bun:test';
import type { CanonicalEvent } from '../../../src/translate/canonical/event.ts';
import { emptyRequest } from '../../../src/translate/canonical/request.ts';
import type { CanonicalResponse } from '../../../src/translate/canonical/response.ts';
import { restoreTools, restoreToolsIn } from '../../../src/translate/restore-tools.ts';
import { runAll } from '../../../src/translate/stream/transducer.ts';
import { nameTools } from '../../../src/translate/tool-names.ts';

const names = nameTools(
  {
    ...emptyRequest('m', true),
    tools: [
      { kind: 'function', name: 'fs.read' },
      { kind: 'custom', name: 'exec', namespace: 'functions' },
    ],
  },
  {
    valid: /^[a-zA-Z0-9_-]{1,64}$/,
    invalidCharacter: /[^a-zA-Z0-9_-]/,
    maxLength: 64,
    custom: false,
    namespaces: false,
  },
);

function call(name: string, ...pieces: readonly string[]): CanonicalEvent[] {
  return [
    { type: 'tool-call-start', callId: 'c', kind: 'function', name },
    ...pieces.map((text): CanonicalEvent => ({ type: 'tool-call-delta', text })),
    { type: 'tool-call-end' },
  ];
}

describe('restoreTools', () => {
  test('gives a call its own name back', () => {
    expect(runAll(restoreTools(names), call('fs_read', '{"a":', '1}'))).toEqual([
      { type: 'tool-call-start', callId: 'c', kind: 'function', name: 'fs.read' },
      { type: 'tool-call-delta', text: '{"a":' },
      { type: 'tool-call-delta', text: '1}' },
      { type: 'tool-call-end' },
    ]);
  });

  test('a call nobody declared passes unchanged', () => {
    const events = call('invented', '{"input":"x"}');
    expect(runAll(restoreTools(names), events)).toEqual(events);
  });

  test('a wrapped custom call becomes its raw input again, piece by piece', () => {
    const events = call('exec', '{"inp', 'ut":"ls ', '\\"a', '\\u00e', '9\\', 'n"', '}');
    expect(runAll(restoreTools(names), events)).toEqual([
      { type: 'tool-call-start', callId: 'c', kind: 'custom', name: 'exec', namespace: 'functions' },
      { type: 'tool-call-delta', text: 'ls ' },
      { type: 'tool-call-delta', text: '"a' },
      { type: 'tool-call-delta', text: 'é' },
      { type: 'tool-call-delta', text: '\n' },
      { type: 'tool-call-end' },
    ]);
  });

  test('the next call starts afresh', () => {
    const events = [...call('exec', '{"input":"a"}'), ...call('fs_read', '{"input":"b"}')];
    const texts = runAll(restoreTools(names), events).flatMap((event) =>
      event.type === 'tool-call-delta' ? event.text : [],
    );
    expect(texts).toEqual(['a', '{"input":"b"}']);
  });
});

describe('restoreToolsIn', () => {
  const response = (name: string, args: string): CanonicalResponse => ({
    parts: [{ type: 'tool-call', callId: 'c', kind: 'function', name, arguments: args }],
    finish: { reason: 'tool-calls' },
    losses: [],
  });

  test('does the same for a whole answer', () => {
    expect(restoreToolsIn(response('exec', '{"input":"a\\tb"}'), names).parts).toEqual([
      { type: 'tool-call', callId: 'c', kind: 'custom', name: 'exec', namespace: 'functions', arguments: 'a\tb' },
    ]);
  });

  test('answers the same object when there is nothing to restore', () => {
    const whole = response('invented', '{}');
    expect(restoreToolsIn(whole, names)).toBe(whole);
  });
});
