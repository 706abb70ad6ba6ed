import { describe, expect, test } from 'bun:test';
import { isForm, listParts, readBoundary, replaceField } from '../../../../src/translate/side/multipart.ts';

async function aForm(fill: (form: FormData) => void): Promise<{ bytes: Uint8Array; boundary: string }> {
  const form = new FormData();
  fill(form);
  const request = new Request('http://x.test', { method: 'POST', body: form });
  const boundary = readBoundary(request.headers.get('content-type')!);
  return { bytes: new Uint8Array(await request.arrayBuffer()), boundary };
}

const SOUND = new Uint8Array([0, 13, 10, 45, 45, 255, 13, 10, 13, 10]);

describe('the parts of a form', () => {
  test('are found with names, types and bytes', async () => {
    const { bytes, boundary } = await aForm((form) => {
      form.append('model', 'whisper-1');
      form.append('file', new File([SOUND], 'a "b".wav', { type: 'audio/wav' }));
      form.append('empty', '');
    });
    const parts = listParts(bytes, boundary);
    expect(parts.map(({ name }) => name)).toEqual(['model', 'file', 'empty']);
    expect(new TextDecoder().decode(bytes.subarray(parts[0]!.start, parts[0]!.end))).toBe('whisper-1');
    expect(bytes.subarray(parts[1]!.start, parts[1]!.end)).toEqual(SOUND);
    expect(parts[1]).toMatchObject({ mimeType: 'audio/wav' });
    expect(parts[1]!.fileName).toContain('.wav');
    expect(parts[2]!.end - parts[2]!.start).toBe(0);
  });

  test.each([
    ['nothing', ''],
    ['another boundary', '--y\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--y--'],
    ['no end', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'],
    ['no name', '--x\r\nContent-Type: text/plain\r\n\r\n1\r\n--x--'],
    ['no head', '--x\r\n1\r\n--x--'],
  ])('are not found in %s, which is the client’s fault', (_what, text) => {
    expect(() => listParts(new TextEncoder().encode(text), 'x')).toThrow('not the form');
  });

  test('are read whatever stands before and behind', () => {
    const text = 'preface\r\n--x\r\ncontent-disposition: form-data; name=a\r\n\r\n1\r\n--x--\r\nepilogue';
    expect(listParts(new TextEncoder().encode(text), 'x')).toMatchObject([{ name: 'a' }]);
  });
});

describe('a field of a form', () => {
  test('is replaced, and every other byte kept', async () => {
    const { bytes, boundary } = await aForm((form) => {
      form.append('file', new File([SOUND], 'model', { type: 'audio/wav' }));
      form.append('model', 'alias');
    });
    const renamed = replaceField(bytes, boundary, 'model', 'whisper-1');
    const form = await new Response(renamed as BodyInit, {
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    }).formData();
    expect(form.get('model')).toBe('whisper-1');
    expect(new Uint8Array(await (form.get('file') as unknown as File).arrayBuffer())).toEqual(SOUND);
    expect(renamed.length).toBe(bytes.length + 'whisper-1'.length - 'alias'.length);
  });

  test('is added when it is not there', async () => {
    const { bytes, boundary } = await aForm((form) => form.append('prompt', 'x'));
    const form = await new Response(replaceField(bytes, boundary, 'model', 'm') as BodyInit, {
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    }).formData();
    expect([form.get('model'), form.get('prompt')]).toEqual(['m', 'x']);
  });
});

test('a form says its boundary', () => {
  expect(readBoundary('multipart/form-data; boundary=abc')).toBe('abc');
  expect(readBoundary('multipart/form-data; charset=utf-8; boundary="a b"; x=y')).toBe('a b');
  expect(() => readBoundary('multipart/form-data')).toThrow('boundary');
  expect(isForm('Multipart/Form-Data; boundary=x')).toBe(true);
  expect(isForm('application/json')).toBe(false);
});
