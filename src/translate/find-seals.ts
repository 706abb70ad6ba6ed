import { isObject, type Json } from '../base/json.ts';

/** What a text that may hold seals has in it. */
const MARKS = ['"encrypted_content"', '"signature"', '"redacted_thinking"', '"thoughtSignature"'];

/** Whether a text may hold seals. Cheap, since it is asked of every frame. */
export function mayHoldSeals(text: string): boolean {
  return MARKS.some((mark) => text.includes(mark));
}

/** The same for bytes. */
export function mayHoldSealsIn(bytes: Uint8Array): boolean {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return MARKS.some((mark) => body.includes(mark));
}

/** Every seal in a request, an answer or a frame of a dialect that has them. */
export function findSeals(value: Json): string[] {
  const found: string[] = [];
  gather(value, found);
  return found;
}

function gather(value: Json | undefined, found: string[]): void {
  if (Array.isArray(value)) {
    for (const item of value) gather(item, found);
    return;
  }
  if (!isObject(value)) return;
  const seal = value.thoughtSignature ?? sealOf(value);
  if (typeof seal === 'string' && seal !== '') found.push(seal);
  else for (const field of Object.values(value)) gather(field, found);
}

function sealOf(value: { readonly [key: string]: Json | undefined }): Json | undefined {
  switch (value.type) {
    case 'thinking':
    case 'signature_delta':
      return value.signature;
    case 'redacted_thinking':
      return value.data;
    case 'reasoning':
      return value.encrypted_content;
    default:
      return undefined;
  }
}
