import { describe, expect, test } from 'bun:test';
import { readImageSize } from '../../../../src/relay/counting/image-size.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const pad = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(32)]);

const PICTURES: readonly (readonly [string, Uint8Array])[] = [
  ['PNG', hex('89504e470d0a1a0a 0000000d 49484452 00000280 000001e0 0806000000')],
  ['GIF', pad(hex('474946383961 8002 e001 f70000'))],
  [
    'JPEG behind a preview',
    pad(hex('ffd8 ffe00010 4a46494600010100000100010000 ffc4000400ff ffc2 0011 08 01e0 0280 03')),
  ],
  ['JPEG with filling bytes', pad(hex('ffd8 ffff ffff ffc0 0011 08 01e0 0280 03'))],
  ['WebP with an alpha channel', pad(hex('52494646 00000000 57454250 56503858 0a000000 10000000 7f0200 df0100'))],
  ['lossless WebP', pad(hex('52494646 00000000 57454250 5650384c 0a000000 2f 7fc27700'))],
  ['lossy WebP', pad(hex('52494646 00000000 57454250 56503820 0a000000 300100 9d012a 8002 e001'))],
];

describe('the size of a picture', () => {
  test.each(PICTURES)('is read from a %s', (_format, bytes) => {
    expect(readImageSize(bytes)).toEqual({ width: 640, height: 480 });
  });

  test.each([
    ['nothing', new Uint8Array()],
    ['text', new TextEncoder().encode('this is no picture at all, only words')],
    ['a PNG that ends too soon', hex('89504e470d0a1a0a 0000000d 49484452')],
    ['a JPEG without a frame', hex('ffd8 ffe0 0010 4a464946000101000001000100 00')],
    ['a PNG of no size', hex('89504e470d0a1a0a 0000000d 49484452 00000000 000001e0 0806000000')],
  ])('is not told by %s', (_what, bytes) => {
    expect(readImageSize(bytes)).toBeUndefined();
  });
});
