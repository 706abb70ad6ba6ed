import { invalidRequest } from '../../base/gateway-error.ts';

/** One part of a form: what its headers say, and where its content stands. https://www.rfc-editor.org/rfc/rfc7578 */
export interface FormPart {
  readonly name: string;
  /** Absent: the part is a field and no file. */
  readonly fileName?: string;
  readonly mimeType?: string;
  /** The first byte of the content, and the byte after its last. */
  readonly start: number;
  readonly end: number;
}

const MAX_PARTS = 200;
const MAX_HEAD_BYTES = 8 * 1024;

/** The words that part a form's parts. Throws `invalid-request` when the content type names none. */
export function readBoundary(contentType: string): string {
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  const words = boundary?.[1] ?? boundary?.[2];
  if (words === undefined) throw invalidRequest('The content-type of a form must name its boundary.');
  return words;
}

/** True for the content type of a form with files. */
export function isForm(contentType: string): boolean {
  return /^multipart\/form-data\b/i.test(contentType);
}

/** Every part of a form, without copying any. Throws `invalid-request` for bytes that are no such form. */
export function listParts(bytes: Uint8Array, boundary: string): readonly FormPart[] {
  const form = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mark = Buffer.from(`\r\n--${boundary}`);
  const parts: FormPart[] = [];
  // the first boundary has no line before it
  let at = form.indexOf(mark.subarray(2));
  if (at < 0) throw broken();
  at += mark.length - 2;
  while (parts.length < MAX_PARTS) {
    if (form.toString('latin1', at, at + 2) === '--') return parts;
    const head = form.indexOf('\r\n', at) + 2;
    const start = form.indexOf('\r\n\r\n', head - 2) + 4;
    const end = form.indexOf(mark, start - 2);
    if (head < 2 || start < 4 || end < 0 || start - head > MAX_HEAD_BYTES) throw broken();
    parts.push({ ...readHead(form.toString('utf8', head, start)), start, end: Math.max(start, end) });
    at = end + mark.length;
  }
  throw invalidRequest(`The form has more than ${MAX_PARTS} parts.`);
}

/** A form with another text in one of its fields; with the field added when it lacks it. Every other byte is kept. */
export function replaceField(bytes: Uint8Array, boundary: string, name: string, text: string): Uint8Array {
  const part = listParts(bytes, boundary).find((one) => one.name === name && one.fileName === undefined);
  if (part !== undefined) {
    return Buffer.concat([bytes.subarray(0, part.start), Buffer.from(text), bytes.subarray(part.end)]);
  }
  const added = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
  return Buffer.concat([Buffer.from(added), bytes]);
}

function readHead(head: string): Pick<FormPart, 'name' | 'fileName' | 'mimeType'> {
  const disposition = /^content-disposition:\s*form-data\b(.*)$/im.exec(head)?.[1] ?? '';
  const name = readParameter(disposition, 'name');
  if (name === undefined) throw broken();
  const fileName = readParameter(disposition, 'filename');
  const mimeType = /^content-type:\s*([^\s;]+)/im.exec(head)?.[1];
  return {
    name,
    ...(fileName === undefined ? {} : { fileName }),
    ...(mimeType === undefined ? {} : { mimeType: mimeType.toLowerCase() }),
  };
}

function readParameter(disposition: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]+))`, 'i').exec(disposition);
  return found?.[1]?.replaceAll('%22', '"') ?? found?.[2];
}

function broken() {
  return invalidRequest('The request body is not the form that its content-type says.');
}
