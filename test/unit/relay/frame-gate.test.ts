import { describe, expect, test } from 'bun:test';
import { createFrameGate } from '../../../src/relay/frame-gate.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (piece: Uint8Array) => new TextDecoder().decode(piece);

function passAll(...pieces: readonly string[]) {
  const gate = createFrameGate();
  return { passed: pieces.map((piece) => textOf(gate.pass(bytes(piece)))), rest: textOf(gate.rest()) };
}

describe('a gate for frames', () => {
  test('hands whole frames on as they are, in the very same bytes', () => {
    const frames = bytes('data: 1\n\ndata: 2\n\n');
    expect(createFrameGate().pass(frames)).toBe(frames);
  });

  test('keeps the beginning of a frame until it is whole', () => {
    expect(passAll('data: 1\n\nda', 'ta: 2', '\n\n')).toEqual({ passed: ['data: 1\n\n', '', 'data: 2\n\n'], rest: '' });
  });

  test('tells what was never finished', () => {
    expect(passAll('data: 1\n\nda', 'ta: {"half')).toEqual({ passed: ['data: 1\n\n', ''], rest: 'data: {"half' });
  });

  for (const end of ['\n\n', '\r\n\r\n', '\r\r', '\n\r\n']) {
    test(`knows the end of a frame wherever it is cut: ${JSON.stringify(end)}`, () => {
      const stream = `: note${end}event: a${end[0]}data: 1${end}data: 2${end}`;
      for (let first = 0; first <= stream.length; first++) {
        for (let second = first; second <= stream.length; second++) {
          const { passed, rest } = passAll(
            ...[stream.slice(0, first), stream.slice(first, second), stream.slice(second)].filter((one) => one !== ''),
          );
          expect(passed.join('') + rest).toBe(stream);
          expect(rest).toBe('');
        }
      }
    });
  }
});
