import { GatewayError } from '../base/gateway-error.ts';
import type { CanonicalRequest } from './canonical/request.ts';
import type { TargetRules } from './dialect.ts';
import { dropped, type Loss } from './loss.ts';

const NO_PICTURES = dropped('modalities', 'The target answers without pictures.');

/**
 * Leaves to a request only the media that its target can answer with. Throws `translation-refused` where sound was asked for: an
 * answer in writing would be another one.
 */
export function fitAnswerMedia(
  request: CanonicalRequest,
  { answersWith }: TargetRules,
): { readonly request: CanonicalRequest; readonly losses: readonly Loss[] } {
  const { answerMedia: wanted, ...rest } = request;
  if (wanted === undefined) return { request, losses: [] };
  if (wanted.audio !== undefined && answersWith?.audio !== true) {
    throw new GatewayError('translation-refused', 'The model serving this request does not answer in sound.', {
      param: 'modalities',
    });
  }
  if (wanted.image === undefined || answersWith?.image === true) return { request, losses: [] };
  const { image: _lost, ...answerMedia } = wanted;
  return { request: answerMedia.audio === undefined ? rest : { ...rest, answerMedia }, losses: [NO_PICTURES] };
}
