import { GatewayError, invalidRequest } from '../base/gateway-error.ts';
import { mintId } from '../base/id.ts';
import { asArray, asObjects, asString, isObject, type Json, type JsonDraft, type JsonObject } from '../base/json.ts';
import { refuseEssential } from './own-dialect-only.ts';

/** A response of the gateway's own making, as later requests refer to it. */
export interface StoredResponse {
  readonly id: string;
  /** The response object as the client got it. */
  readonly response: JsonObject;
  /** What the model was shown: the items of the turns before and those of the request, each with an id. */
  readonly input: readonly JsonObject[];
}

/** Where stored responses, and single items of them, are looked up. */
export interface ResponseLookup {
  response(id: string): StoredResponse | undefined;
  /** The items of stored responses that have one of these ids. */
  items(ids: ReadonlySet<string>): ReadonlyMap<string, JsonObject>;
}

/**
 * A request of the Responses dialect with everything written out that it only refers to and that is stored here. What is not
 * stands as before. `undefined` when nothing was found: the client's own bytes will do.
 */
export function writeOutReferences(body: JsonObject, lookup: ResponseLookup): JsonObject | undefined {
  const earlier = earlierItems(body, lookup);
  const items = itemsOf(body.input);
  const references = new Set(items.flatMap((item) => referenceIn(item) ?? []));
  const found = references.size === 0 ? NOTHING : lookup.items(references);
  if (earlier === undefined && found.size === 0) return undefined;
  const own = items.map((item) => {
    const whole = found.get(referenceIn(item) ?? '');
    return whole === undefined ? item : withoutId(whole);
  });
  const { previous_response_id: _, ...rest } = body;
  return { ...(earlier === undefined ? body : rest), input: [...(earlier ?? []), ...own] };
}

const NOTHING: ReadonlyMap<string, JsonObject> = new Map();

function earlierItems(body: JsonObject, lookup: ResponseLookup): readonly JsonObject[] | undefined {
  const id = asString(body.previous_response_id);
  const stored = id === undefined ? undefined : lookup.response(id);
  if (stored === undefined) return undefined;
  const items = [...stored.input, ...asObjects(stored.response.output)];
  // the server made these ids itself, and some that store nothing demand them back
  const isServers = stored.response.store === false;
  return items.map((item) => (isServers && isAnswered(item) ? item : withoutId(item)));
}

function isAnswered({ type, role }: JsonObject): boolean {
  return role === 'assistant' || type === 'reasoning' || type === 'function_call' || type === 'custom_tool_call';
}

/**
 * Why only an upstream of its own dialect can take a request of the Responses dialect: what it refers to is kept there and
 * nowhere else. `undefined` when any other can.
 */
export function needOfOwnDialect(body: JsonObject): GatewayError | undefined {
  for (const field of ['conversation', 'background', 'prompt']) {
    if (body[field]) return refuseEssential('openai-responses', field);
  }
  const previous = asString(body.previous_response_id);
  if (previous !== undefined && previous !== '') {
    return new GatewayError('invalid-request', `Previous response with id '${previous}' not found.`, {
      param: 'previous_response_id',
      code: 'previous_response_not_found',
    });
  }
  const items = asArray(body.input);
  const compacted = items.findIndex((item) => isObject(item) && item.type === 'compaction');
  if (compacted >= 0) return refuseEssential('openai-responses', 'compaction', `input[${compacted}]`);
  const at = items.findIndex((item) => referenceIn(item) !== undefined);
  if (at < 0) return undefined;
  const id = referenceIn(items[at]);
  return new GatewayError('invalid-request', `Item with id '${id}' not found.`, {
    param: `input[${at}].id`,
    code: 'item_not_found',
  });
}

/** The id of the item that an item stands for: https://platform.openai.com/docs/api-reference/responses/create#responses-create-input */
function referenceIn(item: Json | undefined): string | undefined {
  if (!isObject(item)) return undefined;
  const isBare = (item.type === undefined || item.type === null) && item.role === undefined;
  return isBare || item.type === 'item_reference' ? asString(item.id) || undefined : undefined;
}

function itemsOf(input: Json | undefined): readonly Json[] {
  if (typeof input === 'string')
    return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }];
  if (input === undefined || input === null || Array.isArray(input)) return asArray(input);
  throw invalidRequest("'input' must be a string or a list of items.", 'input');
}

/** An id is only good where its item is kept; a thought is known again by its seal. */
function withoutId(item: JsonObject): JsonObject {
  const { id: _, ...rest } = item;
  return rest;
}

/**
 * A written-out request without thoughts that have no seal: an upstream of the Responses dialect knows those only by ids of its
 * own.
 */
export function withoutBareThoughts(body: JsonObject): JsonObject {
  const isBare = (item: Json) => isObject(item) && item.type === 'reasoning' && !asString(item.encrypted_content);
  return { ...body, input: asArray(body.input).filter((item) => !isBare(item) || asString((item as JsonObject).id)) };
}

/** The items of a request as a list of them shows them: whole, and each with an id. `seed` is what the ids depend on. */
export function listInput(body: JsonObject, seed: string): readonly JsonObject[] {
  return asObjects(itemsOf(body.input)).map((item, at) => {
    const whole: JsonDraft = { ...item };
    whole.type ??= 'message';
    if (whole.type === 'message')
      Object.assign(whole, { content: contentOf(item), status: item.status ?? 'completed' });
    whole.id ??= mintId(prefixOf(String(whole.type)), `${seed}:input:${at}`, 48);
    return whole;
  });
}

function contentOf(item: JsonObject): Json | undefined {
  if (typeof item.content !== 'string') return item.content;
  const isSaid = item.role === 'assistant';
  return [
    isSaid
      ? { type: 'output_text', annotations: [], logprobs: [], text: item.content }
      : { type: 'input_text', text: item.content },
  ];
}

const PREFIXES: { readonly [type: string]: string } = {
  message: 'msg_',
  reasoning: 'rs_',
  function_call: 'fc_',
  function_call_output: 'fco_',
  custom_tool_call: 'ctc_',
  custom_tool_call_output: 'ctco_',
};

function prefixOf(type: string): string {
  return (Object.hasOwn(PREFIXES, type) ? PREFIXES[type] : undefined) ?? 'item_';
}

/** A page of a list of items. */
export interface ItemPage {
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  /** The id of the item before the page. */
  readonly after?: string;
}

/** Reads which page is asked for; the service's own defaults. Throws `invalid-request`. */
export function readPage(query: URLSearchParams): ItemPage {
  const limit = Number(query.get('limit') ?? 20);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw invalidRequest("'limit' must be a whole number from 1 to 100.", 'limit');
  }
  const order = query.get('order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') throw invalidRequest("'order' must be 'asc' or 'desc'.", 'order');
  const after = query.get('after');
  return { limit, order, ...(after === null ? {} : { after }) };
}

/** A page of a response's input items: https://platform.openai.com/docs/api-reference/responses/input-items */
export function pageOfItems(stored: StoredResponse, { limit, order, after }: ItemPage): JsonObject {
  const all = order === 'asc' ? stored.input : stored.input.toReversed();
  const start = after === undefined ? 0 : all.findIndex((item) => item.id === after) + 1;
  const data = all.slice(start, start + limit);
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: start + limit < all.length,
  };
}
