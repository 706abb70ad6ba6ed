import { invalidRequest } from '../../base/gateway-error.ts';
import { asString, isObject, type Json, type JsonObject } from '../../base/json.ts';
import type { AssistantPart, ResultPart, ToolResultPart, UserPart } from '../canonical/request.ts';
import { readSeal, type Seal } from '../seal.ts';
import type { CallIds, Place } from './call-ids.ts';
import { asList, expectBoolean, expectObject, expectString, requireString } from './expect-type.ts';
import { readMedia } from './media.ts';
import { opaqueOf } from './server-tools.ts';
import { SKIP_SIGNATURES } from './wire.ts';

/** A part, with the side of the conversation it can only stand on, where its kind tells. */
export type DecodedPart =
  | { readonly side: 'user'; readonly parts: readonly UserPart[] }
  | { readonly side: 'assistant'; readonly parts: readonly AssistantPart[] };

/** Decodes a part of a turn whose role says `side`. Throws `invalid-request` naming the field that is wrong. */
export function decodePart(value: Json, side: 'user' | 'assistant', place: Place, ids: CallIds): DecodedPart {
  const param = `contents[${place.turn}].parts[${place.part}]`;
  if (typeof value === 'string') return { side, parts: [{ type: 'text', text: value }] };
  if (!isObject(value)) throw invalidRequest(`\`${param}\` must be an object.`, param);
  const seal = readSignature(value, param);
  const call = expectObject(value.functionCall, `${param}.functionCall`);
  if (call !== undefined) return { side: 'assistant', parts: decodeCall(call, seal, place, ids) };
  const result = expectObject(value.functionResponse, `${param}.functionResponse`);
  if (result !== undefined) return { side: 'user', parts: [decodeResult(result, place, ids)] };
  const text = expectString(value.text, `${param}.text`);
  if (expectBoolean(value.thought, `${param}.thought`) === true && text !== undefined) {
    return { side: 'assistant', parts: [{ type: 'reasoning', text, ...(seal === undefined ? {} : { seal }) }] };
  }
  if (text !== undefined) return decodeText(text, side, seal);
  const media = readMedia(value, param);
  if (media !== undefined) return { side, parts: [media] };
  return decodeOther(value, side, seal);
}

function readSignature(part: JsonObject, param: string): Seal | undefined {
  const signature = expectString(part.thoughtSignature, `${param}.thoughtSignature`);
  if (signature === undefined || signature === '' || SKIP_SIGNATURES.includes(signature)) return undefined;
  const seal = readSeal(signature, 'gemini');
  return seal.value === '' ? undefined : seal;
}

/** True for the seal of another vendor's thought, which rode on a part of ours because there was no better place. */
function isThoughtOfAnother(seal: Seal | undefined): seal is Seal {
  return seal !== undefined && seal.dialect !== 'gemini' && seal.attach === undefined;
}

function decodeText(text: string, side: 'user' | 'assistant', seal: Seal | undefined): DecodedPart {
  if (side === 'user') return { side, parts: [{ type: 'text', text }] };
  if (isThoughtOfAnother(seal)) {
    const thought: AssistantPart = { type: 'reasoning', text: '', seal };
    return { side, parts: text === '' ? [thought] : [thought, { type: 'text', text }] };
  }
  // the last chunk of a stream is an empty text, and clients keep it
  if (text === '' && seal === undefined) return { side, parts: [] };
  return { side, parts: [{ type: 'text', text, ...(seal === undefined ? {} : { seal }) }] };
}

function decodeCall(call: JsonObject, seal: Seal | undefined, place: Place, ids: CallIds): readonly AssistantPart[] {
  const param = `contents[${place.turn}].parts[${place.part}].functionCall`;
  const name = requireString(call.name, `${param}.name`);
  const args = expectObject(call.args, `${param}.args`) ?? {};
  const callId = ids.ofCall(place, name, expectString(call.id, `${param}.id`));
  const part: AssistantPart = {
    type: 'tool-call',
    callId,
    kind: 'function',
    name,
    arguments: JSON.stringify(args),
    ...(seal === undefined || isThoughtOfAnother(seal) ? {} : { seal }),
  };
  return isThoughtOfAnother(seal) ? [{ type: 'reasoning', text: '', seal }, part] : [part];
}

function decodeResult(result: JsonObject, place: Place, ids: CallIds): ToolResultPart {
  const param = `contents[${place.turn}].parts[${place.part}].functionResponse`;
  const name = requireString(result.name, `${param}.name`);
  const { text, isError } = readResponse(result.response);
  const parts: ResultPart[] = [{ type: 'text', text }];
  asList(result.parts).forEach((item, index) => {
    const media = isObject(item) ? readMedia(item, `${param}.parts[${index}]`) : undefined;
    if (media !== undefined) parts.push(media);
  });
  return {
    type: 'tool-result',
    callId: ids.ofResult(place, name, expectString(result.id, `${param}.id`)),
    kind: 'function',
    name,
    parts,
    ...(isError ? { isError } : {}),
  };
}

/** `output` or `error` alone is the result itself; any other object is a result as JSON. */
function readResponse(response: Json | undefined): { readonly text: string; readonly isError: boolean } {
  if (response === undefined || response === null) return { text: '', isError: false };
  if (!isObject(response)) return { text: asString(response) ?? JSON.stringify(response), isError: false };
  const keys = Object.keys(response).filter((key) => response[key] !== undefined);
  if (keys.length === 1 && typeof response.output === 'string') return { text: response.output, isError: false };
  if (keys.length === 1 && response.error !== undefined) {
    return { text: asString(response.error) ?? JSON.stringify(response.error), isError: true };
  }
  return { text: JSON.stringify(response), isError: false };
}

function decodeOther(part: JsonObject, side: 'user' | 'assistant', seal: Seal | undefined): DecodedPart {
  const { thoughtSignature: _signature, ...data } = part;
  const kind = Object.keys(data).find((key) => isObject(data[key]));
  if (kind !== undefined) return { side, parts: [opaqueOf(part, kind)] };
  return seal === undefined || side === 'user' ? { side, parts: [] } : decodeText('', side, seal);
}
