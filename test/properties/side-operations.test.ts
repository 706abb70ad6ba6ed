import { describe, expect, test } from 'bun:test';
import { array, assert, constantFrom, jsonValue, oneof, property, record, string, uint8Array } from 'fast-check';
import { GatewayError } from '../../src/base/gateway-error.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { readImageSize } from '../../src/relay/counting/image-size.ts';
import { cutRuns } from '../../src/relay/counting/tokenizer.ts';
import { modelOf, readSideRequest } from '../../src/relay/side-call.ts';
import { listParts } from '../../src/translate/side/multipart.ts';
import { SIDE_OPERATIONS } from '../../src/translate/side/registry.ts';

const operations = Object.values(SIDE_OPERATIONS);
const translated = operations.flatMap((one) =>
  one.foreign === undefined ? [] : [{ id: one.id, foreign: one.foreign }],
);
const FIELDS = ['input', 'prompt', 'n', 'size', 'quality', 'images', 'requests', 'content', 'dimensions', 'language'];

/** Objects with the fields that are read, holding anything. */
const fields = array(record({ key: constantFrom(...FIELDS), value: oneof(jsonValue(), string()) }), {
  maxLength: 6,
}).map((entries) => Object.fromEntries(entries.map(({ key, value }) => [key, value])) as JsonObject);
const files = array(
  record({
    field: constantFrom('file', 'image', 'image[]', 'mask'),
    name: string(),
    mimeType: string(),
    bytes: uint8Array(),
  }),
  { maxLength: 2 },
);
const answer = jsonValue().map(
  (value) => ({ candidates: value, embeddings: value, data: value, usage: value }) as JsonObject,
);

/** Runs it; anything it throws must be an error that a client can be told. */
function orRefuses<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown;
    expect(thrown.kind).not.toBe('internal');
    return undefined;
  }
}

describe('what is asked besides conversations', () => {
  test.each(translated)('$id: no request and no answer throws anything but an error of ours', ({ foreign }) => {
    assert(
      property(fields, files, answer, (body, attached, told) => {
        const made = orRefuses(() => foreign.translate({ fields: body, files: attached }, 'm'));
        if (made === undefined) return;
        expect(JSON.parse(JSON.stringify(made.requests))).toHaveLength(made.requests.length);
        orRefuses(() =>
          made.decode(
            made.requests.map(() => told),
            { model: 'm', createdAt: 0 },
          ),
        );
      }),
    );
  });

  test.each(translated)('$id: the same request makes the same bytes', ({ foreign }) => {
    assert(
      property(fields, files, (body, attached) => {
        const make = () => orRefuses(() => foreign.translate({ fields: body, files: attached }, 'm'));
        expect(JSON.stringify(make()?.requests)).toBe(JSON.stringify(make()?.requests) as string);
      }),
    );
  });

  test('no body throws anything but an error of ours', () => {
    const types = constantFrom('application/json', 'multipart/form-data; boundary=x', 'multipart/form-data', '');
    assert(
      property(constantFrom(...operations), uint8Array({ maxLength: 200 }), types, (operation, bytes, type) => {
        const asked = orRefuses(() => readSideRequest(operation, bytes, type));
        if (asked !== undefined) orRefuses(() => modelOf(asked));
      }),
    );
  });

  test('a form’s parts are those it was made of', () => {
    const content = string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('--x'));
    assert(
      property(array(content, { minLength: 1, maxLength: 5 }), (contents) => {
        const part = (text: string) => `--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n${text}\r\n`;
        const bytes = new TextEncoder().encode(`${contents.map(part).join('')}--x--\r\n`);
        const read = listParts(bytes, 'x').map(({ start, end }) =>
          new TextDecoder().decode(bytes.subarray(start, end)),
        );
        expect(read).toEqual(contents.map((text) => new TextDecoder().decode(new TextEncoder().encode(text))));
      }),
    );
  });
});

describe('counting', () => {
  test('a text is cut into pieces that are the text', () => {
    const run = string({ unit: 'binary', minLength: 100, maxLength: 600 });
    assert(property(oneof(string(), run), (text) => expect(cutRuns(text).join('')).toBe(text)));
  });

  test('no bytes make the reader of pictures throw or wait', () => {
    const starts = ['89504e47', '47494638', 'ffd8ff', '524946460000000057454250'].map((hex) => [
      ...Buffer.from(hex, 'hex'),
    ]);
    assert(
      property(constantFrom(...starts), uint8Array({ maxLength: 80 }), (start, rest) => {
        const size = readImageSize(Uint8Array.from([...start, ...rest]));
        if (size !== undefined) expect(Math.min(size.width, size.height)).toBeGreaterThan(0);
      }),
    );
  });
});
