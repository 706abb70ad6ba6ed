import { invalidRequest } from '../base/gateway-error.ts';
import { asString } from '../base/json.ts';
import { replaceSpan } from '../translate/scan-body.ts';
import { isForm, readBoundary, replaceField } from '../translate/side/multipart.ts';
import { readForm, type SideInput } from '../translate/side/side-input.ts';
import type { SideOperation } from '../translate/side/side-operation.ts';
import { type CallBody, readCallBody } from './call.ts';

/** What a client asks for besides a conversation. */
export interface SideCall {
  readonly operation: SideOperation;
  /** The client's own, which names the boundary of a form. */
  readonly contentType: string;
  /** The request in parts, read when an upstream of another dialect is asked. */
  readonly input: () => SideInput;
  /** The request for another model, every other byte kept. */
  readonly rename: (model: string) => Uint8Array | string;
}

/** A body and its call. */
export interface SideRequest {
  readonly body: CallBody;
  readonly side: SideCall;
}

/** Reads the body of what is asked besides conversations: JSON, or a form with files. Throws `invalid-request`. */
export function readSideRequest(operation: SideOperation, bytes: Uint8Array, contentType: string): SideRequest {
  return isForm(contentType) ? readFormRequest(operation, bytes, contentType) : readJsonRequest(operation, bytes);
}

/** The model a request names, else the one that the dialect's reference gives. Throws `invalid-request`. */
export function modelOf({ body, side }: SideRequest): string {
  const model = body.field('model') ?? side.operation.defaultModel;
  const name = asString(model);
  if (name !== undefined && name !== '') return name;
  throw invalidRequest('The field "model" is missing: name the model to ask.', 'model');
}

function readJsonRequest(operation: SideOperation, bytes: Uint8Array): SideRequest {
  const body = readCallBody(bytes);
  const rename = (model: string) => {
    if (operation.dialect === 'gemini') return JSON.stringify(renameEmbedded(body, model));
    const span = body.span('model');
    if (span === undefined) return JSON.stringify({ ...body.json(), model });
    return replaceSpan(bytes, span, JSON.stringify(model));
  };
  const input = () => ({ fields: body.json(), files: [] });
  return { body, side: { operation, contentType: 'application/json', input, rename } };
}

/** Gemini's path says the model, and so does each request of a batch. */
function renameEmbedded(body: CallBody, model: string) {
  const { requests, ...rest } = body.json();
  const named = rest.model === undefined ? rest : { ...rest, model: `models/${model}` };
  if (!Array.isArray(requests)) return { ...named, ...(requests === undefined ? {} : { requests }) };
  return { ...named, requests: requests.map((request) => ({ ...request, model: `models/${model}` })) };
}

function readFormRequest(operation: SideOperation, bytes: Uint8Array, contentType: string): SideRequest {
  const input = readForm(bytes, contentType);
  const nowhere = () => undefined;
  const body: CallBody = {
    bytes,
    json: () => input.fields,
    includes: () => false,
    start: nowhere,
    span: nowhere,
    field: (key) => input.fields[key],
  };
  const rename = (model: string) => replaceField(bytes, readBoundary(contentType), 'model', model);
  return { body, side: { operation, contentType, input: () => input, rename } };
}
