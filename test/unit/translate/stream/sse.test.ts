import { describe, expect, test } from 'bun:test';
import { parseSse, writeSse } from '../../../../src/translate/stream/sse.ts';
import { runAll } from '../../../../src/translate/stream/transducer.ts';

const parse = (...pieces: readonly string[]) =>
  runAll(
    parseSse,
    pieces.map((piece) => new TextEncoder().encode(piece)),
  );

describe('parseSse', () => {
  test('reads names, data of several lines, and fields without a space', () => {
    expect(parse('event:a\ndata:1\ndata: 2\n\nid: 7\nretry: 5\ndata: 3\n\n')).toEqual([
      { event: 'a', data: '1\n2' },
      { data: '3' },
    ]);
  });

  test('S15: takes every line end, comments and a byte order mark', () => {
    expect(parse('\uFEFF: hello\r\ndata: 1\r\n\r\ndata: 2\r\rdata: 3\n\n')).toEqual([
      { data: '1' },
      { data: '2' },
      { data: '3' },
    ]);
  });

  test('discards half a frame at the end', () => {
    expect(parse('data: 1\n\ndata: 2\n')).toEqual([{ data: '1' }]);
    expect(parse('data: 1\n\nevent: a\ndata: {"a":')).toEqual([{ data: '1' }]);
    expect(parse('data: {"a":\ndata: 1\n')).toEqual([]);
  });

  test.each(['', '\n', '\r\n'])('keeps a last frame that only its blank line is missing from: %p', (end) => {
    expect(parse(`data: 1\n\nevent: a\ndata: {"a":1}${end}`)).toEqual([{ data: '1' }, { event: 'a', data: '{"a":1}' }]);
    expect(parse(`data: [DONE]${end}`)).toEqual([{ data: '[DONE]' }]);
  });

  test('S16: a character cut between two pieces comes out whole', () => {
    const bytes = new TextEncoder().encode('data: é😀\n\n');
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(runAll(parseSse, [bytes.slice(0, cut), bytes.slice(cut)])).toEqual([{ data: 'é😀' }]);
    }
  });

  test('a bare error object after the last frame is a frame', () => {
    const body = 'data: {"a":1}\n\n{\n  "error": {\n    "code": 503\n  }\n}\n';
    expect(parse(body)).toEqual([{ data: '{"a":1}' }, { data: '{\n  "error": {\n    "code": 503\n  }\n}' }]);
    expect(parse(body.slice(0, 16), body.slice(16, 17), body.slice(17))).toEqual(parse(body));
    expect(parse(body.replaceAll('\n', '\r'))).toHaveLength(2);
  });

  test('a bare object that is cut off is none', () => {
    expect(parse('data: 1\n\n{"error":')).toEqual([{ data: '1' }]);
  });
});

test('writeSse writes what parseSse reads', () => {
  expect(writeSse({ data: '{}' })).toBe('data: {}\n\n');
  expect(writeSse({ event: 'ping', data: '{}' })).toBe('event: ping\ndata: {}\n\n');
});
