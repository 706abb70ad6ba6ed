import { asArray, asObject, asString, isObject, type JsonObject, tryParseJson } from '../base/json.ts';
import type { DialectId } from '../translate/dialect-id.ts';
import { readText, type Span } from '../translate/scan-body.ts';
import type { CallBody } from './call.ts';

/** What a session key is made of; a `ClientCall` is one. */
export interface SessionSource {
  readonly dialect: DialectId;
  readonly headers: { get(name: string): string | null | undefined };
  readonly body: CallBody;
}
