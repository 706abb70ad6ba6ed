import { GatewayError } from '../../base/gateway-error.ts';
import type { JsonObject } from '../../base/json.ts';
import { errorOfBody } from './errors.ts';
import { isFailure } from './vocabulary.ts';

/** The failure that some servers report as a finish. https://api-docs.deepseek.com/api/create-chat-completion */
export function failureOf(choice: JsonObject, word: string, hasContent: boolean): GatewayError | undefined {
  if (isFailure(word)) return errorOfBody({ error: choice.error ?? { message: failedText(word) } });
  if (word !== 'insufficient_system_resource' || hasContent) return undefined;
  return new GatewayError('overloaded', 'The upstream ran out of resources for this request.');
}

function failedText(word: string): string {
  return `The upstream ended its answer with the reason '${word}'.`;
}
