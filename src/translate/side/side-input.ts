import { asArray, asString, type Json, type JsonDraft, type JsonObject } from '../../base/json.ts';
import { listParts, readBoundary } from './multipart.ts';

/** A file that a form carries. */
export interface SideFile {
  /** The form's name for it: `file`, `image[]`. */
  readonly field: string;
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/** What a request beside conversations says, whether as JSON or as a form. */
export interface SideInput {
  readonly fields: JsonObject;
  readonly files: readonly SideFile[];
}

/** Reads a form: texts become fields, of a name that ends in `[]` a list. Throws `invalid-request`. */
export function readForm(bytes: Uint8Array, contentType: string): SideInput {
  const fields: JsonDraft = {};
  const files: SideFile[] = [];
  for (const part of listParts(bytes, readBoundary(contentType))) {
    const content = bytes.subarray(part.start, part.end);
    if (part.fileName !== undefined) {
      files.push({ field: part.name, name: part.fileName, mimeType: part.mimeType ?? '', bytes: content });
      continue;
    }
    const text = new TextDecoder().decode(content);
    if (!part.name.endsWith('[]')) fields[part.name] = text;
    else {
      const name = part.name.slice(0, -2);
      fields[name] = [...asArray(fields[name]), text];
    }
  }
  return { fields, files };
}

/** A number that a form can only say as text. */
export function readNumber(value: Json | undefined): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** True or false, which a form can only say as text. */
export function readFlag(value: Json | undefined): boolean {
  return value === true || asString(value)?.toLowerCase() === 'true';
}
