import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { JsonObject } from '../../src/base/json.ts';
import { openScan, readText, replaceSpan, scanBody } from '../../src/translate/scan-body.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

const anyKey = fc.oneof(
  fc.constantFrom('model', 'stream', 'a"b', 'a\\', '\\"', 'new\nline', '', '{', 'ключ', '__proto__', 'constructor'),
  fc.string({ unit: 'grapheme', maxLength: 10 }),
);
const anyText = fc.oneof(fc.constantFrom('"', '\\', '\\"', '}', ',', '":', '\\\\'), fc.string({ unit: 'grapheme' }));
const anyValue = fc.oneof(
  anyText,
  fc.jsonValue({ maxDepth: 3 }),
  fc.dictionary(anyKey, fc.array(anyText, { maxLength: 3 }), { maxKeys: 3 }),
);
const anyEntries = fc.array(fc.tuple(anyKey, anyValue), { maxLength: 8 });
const anySpace = fc.stringMatching(/^[ \t\r\n]{0,3}$/);

/** JSON text of an object as any client may write it: doubled keys, blanks anywhere, characters escaped or not. */
const anyObjectText = fc
  .tuple(anyEntries, fc.array(anySpace, { minLength: 5, maxLength: 5 }), fc.boolean())
  .map(([entries, [a, b, c, d, e], isEscaped]) => {
    const write = (value: unknown) => {
      const text = JSON.stringify(value);
      return isEscaped ? escapeAll(text) : text;
    };
    const fields = entries.map(([key, value]) => `${a}${write(key)}${b}:${c}${write(value)}${d}`);
    return `${e}{${fields.join(',')}${a}}${b}`;
  });

/** The same JSON with characters of its strings written as escapes: all outside ASCII, and some inside. */
function escapeAll(json: string): string {
  const literal = /"(?:[^"\\]|\\.)*"/g;
  return json.replaceAll(literal, (text) =>
    text.replaceAll(/\\.|[^ -~]|[m-p]/g, (unit) =>
      unit.startsWith('\\') ? unit : [...Array(unit.length).keys()].map((at) => escapeUnit(unit, at)).join(''),
    ),
  );
}

function escapeUnit(text: string, at: number): string {
  return `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`;
}

describe('a scan that is asked for keys', () => {
  const names = ['model', 'stream', 'constructor', 'absent'];

  test('finds what a scan of all keys finds, in any order of asking', () => {
    fc.assert(
      fc.property(anyObjectText, fc.shuffledSubarray(names), (text, asked) => {
        const bytes = encode(text);
        const [scan, all] = [openScan(bytes), scanBody(bytes)!];
        for (const name of asked) {
          expect(scan.start(name)).toBe(all.get(name)?.start);
          expect(scan.span(name)).toEqual(all.get(name));
        }
        expect(scan.isBroken()).toBe(false);
      }),
    );
  });

  test('never breaks on anything that is not JSON', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void openScan(bytes).span('model')));
  });
});

describe('the scanner of bodies', () => {
  test('finds the keys and values that JSON.parse finds', () => {
    fc.assert(
      fc.property(anyObjectText, (text) => {
        const bytes = encode(text);
        const spans = scanBody(bytes);
        const parsed: JsonObject = JSON.parse(text);
        expect(new Set(spans!.keys())).toEqual(new Set(Object.keys(parsed)));
        for (const [key, span] of spans!) expect(JSON.parse(readText(bytes, span))).toEqual(parsed[key]);
      }),
    );
  });

  test('reads bytes that are part of a larger buffer', () => {
    fc.assert(
      fc.property(anyObjectText, (text) => {
        const bytes = encode(text);
        const inside = encode(`xx${text}yy`).subarray(2, 2 + bytes.length);
        expect(scanBody(inside)).toEqual(scanBody(bytes));
      }),
    );
  });

  test('never breaks on anything that is not JSON', () => {
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .string({ maxLength: 100, unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', ' ', 'a') })
        .map(encode),
    );
    fc.assert(fc.property(anyBytes, (bytes) => void scanBody(bytes)));
  });

  test('reads over a byte order mark, as every decoder of text does', () => {
    const bytes = encode('\ufeff{"model":"m"}');
    expect(readText(bytes, scanBody(bytes)!.get('model')!)).toBe('"m"');
  });

  test('takes no body for whole that was cut off', () => {
    fc.assert(
      fc.property(anyObjectText, fc.nat(), (text, at) => {
        const whole = text.trimEnd();
        expect(scanBody(encode(whole.slice(0, at % whole.length)))).toBeUndefined();
      }),
    );
  });
});

describe('replacing a value', () => {
  test('changes that value and no other byte', () => {
    fc.assert(
      fc.property(anyObjectText, anyText, fc.nat(), (text, replacement, pick) => {
        const bytes = encode(text);
        const spans = [...scanBody(bytes)!];
        if (spans.length === 0) return;
        const [key, span] = spans[pick % spans.length]!;
        const written = JSON.stringify(replacement);
        const replaced = replaceSpan(bytes, span, written);
        expect(decode(replaced.subarray(0, span.start))).toBe(decode(bytes.subarray(0, span.start)));
        expect(decode(replaced.subarray(span.start + encode(written).length))).toBe(decode(bytes.subarray(span.end)));
        const expected = new Map(Object.entries(JSON.parse(text))).set(key, replacement);
        expect(new Map(Object.entries(JSON.parse(decode(replaced))))).toEqual(expected);
      }),
    );
  });

  test('leaves the bytes it was given alone', () => {
    const bytes = encode('{"model":"a","x":1}');
    const before = bytes.slice();
    replaceSpan(bytes, scanBody(bytes)!.get('model')!, '"another"');
    expect(bytes).toEqual(before);
  });
});
