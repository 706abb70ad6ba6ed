import type { GatewayError } from '../../base/gateway-error.ts';
import type { EncodedError, Watched } from '../dialect.ts';
import { encodeOpenaiError } from '../openai-error-body.ts';
import type { SseFrame } from '../stream/sse.ts';

/** Encodes an error that comes before any answer. */
export function encodeError(error: GatewayError): EncodedError {
  return encodeOpenaiError(error, ['openai-completions']);
}

/** The frame that ends a stream in an error; none when the answer had ended. `[DONE]` does not follow it. */
export function encodeStreamError(error: GatewayError, watched?: Watched): readonly SseFrame[] {
  return watched?.ended === true ? [] : [{ data: JSON.stringify(encodeError(error).body) }];
}
