import { invalidRequest } from '../base/gateway-error.ts';
import { isObject, type JsonObject } from '../base/json.ts';
import { DIALECT_IDS, type DialectId, isDialectId } from './dialect-id.ts';
import { TRANSLATION_KINDS, type TranslationJob, type TranslationKind } from './translate-text.ts';

/** A line of `trivium translate batch`, or the body of `POST /api/translate`, as a job. Throws `invalid-request` naming what is wrong with it. */
export function readJob(raw: JsonObject): TranslationJob & { readonly id: unknown } {
  const { kind, from, to, body } = raw;
  if (!(TRANSLATION_KINDS as readonly unknown[]).includes(kind)) {
    throw invalidRequest(`"kind" must be one of ${TRANSLATION_KINDS.join(', ')}.`, 'kind');
  }
  for (const [key, value] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (!isDialectId(value)) throw invalidRequest(`"${key}" must be one of ${DIALECT_IDS.join(', ')}.`, key);
  }
  if (typeof body !== 'string') throw invalidRequest('"body" must be a string: the raw text.', 'body');
  return {
    id: raw.id,
    kind: kind as TranslationKind,
    from: from as DialectId,
    to: to as DialectId,
    body,
    ...(typeof raw.model === 'string' ? { model: raw.model } : {}),
    ...(typeof raw.stream === 'boolean' ? { stream: raw.stream } : {}),
    ...(typeof raw.request === 'string' ? { request: raw.request } : {}),
    ...(typeof raw.status === 'number' ? { status: raw.status } : {}),
    ...(isObject(raw.headers) ? { headers: raw.headers as { [name: string]: string } } : {}),
  };
}
