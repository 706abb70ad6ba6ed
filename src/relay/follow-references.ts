import type { Account } from '../base/account.ts';
import { GatewayError } from '../base/gateway-error.ts';
import { asObject, asString, type JsonObject, tryParseJson } from '../base/json.ts';
import type { AccountState, Target } from '../pool/account-state.ts';
import { servingTest } from '../pool/served-models.ts';
import { listInput, needOfOwnDialect, writeOutReferences } from '../translate/stored-response.ts';
import type { SseFrame } from '../translate/stream/sse.ts';
import { type ClientCall, wrapBody } from './call.ts';
import type { RelayPorts } from './journey.ts';
import type { ResponseMemory } from './response-memory.ts';

/** Keeps the response object of an answer for later requests. */
export type KeepResponse = (response: JsonObject) => void;

/** The call with everything written out that it refers to and that is stored here; the call itself when there is no such thing. */
export function followReferences(call: ClientCall, memory: ResponseMemory): ClientCall {
  if (call.dialect !== 'openai-responses' || memory.isEmpty()) return call;
  const previousId = asString(call.body.field('previous_response_id'));
  if (previousId === undefined && !mayReferToItems(call.body.bytes)) return call;
  const body = call.body.json();
  const whole = writeOutReferences(body, memory);
  if (whole === undefined) return call;
  const isContinued = body.previous_response_id !== undefined && whole.previous_response_id === undefined;
  return { ...call, body: wrapBody(whole), writtenOut: isContinued && previousId !== undefined ? { previousId } : {} };
}

function mayReferToItems(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('"item_reference"');
}

/**
 * The targets that know what a request goes on from, a response or a conversation: those of the account whose upstream keeps it. Throws when the
 * model leads to none of them.
 */
export function targetsOf(call: ClientCall, targets: readonly Target[], ports: RelayPorts): readonly Target[] {
  if (call.dialect !== 'openai-responses') return targets;
  const previous = asString(call.body.field('previous_response_id'));
  const id = previous ?? conversationOf(call);
  const origin = id === undefined ? undefined : ports.responses.origin(id);
  const state = origin === undefined ? undefined : findState(ports, origin.account);
  if (state === undefined) return targets;
  const { account } = state;
  const own = targets
    .filter((target) => target.account === undefined || target.account === account.id)
    .map((target) => ({ ...target, account: account.id }))
    .filter((target) => servingTest(target)(state));
  if (own.length > 0) return own;
  const where = `it is kept by the account "${account.name}", to which the model "${call.model}" does not lead.`;
  if (previous === undefined) {
    throw new GatewayError('invalid-request', `Conversation with id '${id}' not found: ${where}`, {
      param: 'conversation',
    });
  }
  throw new GatewayError('invalid-request', `Previous response with id '${id}' not found: ${where}`, {
    param: 'previous_response_id',
    code: 'previous_response_not_found',
  });
}

/** The conversation that a request goes on with, which its upstream keeps. */
export function conversationOf({ body }: ClientCall): string | undefined {
  const conversation = body.field('conversation');
  return asString(asObject(conversation)?.id) ?? asString(conversation);
}

/** The account of that id, while there is one. */
export function findAccount(ports: RelayPorts, id: string): Account | undefined {
  return findState(ports, id)?.account;
}

function findState({ pool }: RelayPorts, id: string): AccountState | undefined {
  return pool.snapshot().find(({ account }) => account.id === id);
}

/** Why the call can only go to an upstream of its own dialect; looked at when it is about to go to another. */
export function ownDialectOnly(call: ClientCall): GatewayError | undefined {
  if (call.dialect !== 'openai-responses') return undefined;
  if (call.resource !== undefined) {
    const words = `Only an upstream of the Responses API can do this; the model "${call.model}" leads to one of another kind.`;
    return new GatewayError('route-unknown', words, { param: 'model' });
  }
  return needOfOwnDialect(call.body.json());
}

/**
 * What keeps the answer of a translated call. `undefined` when nothing is to be kept: the client did not want it, or speaks a
 * dialect that has no stored responses.
 */
export function keeperOf(call: ClientCall, memory: ResponseMemory): KeepResponse | undefined {
  if (call.dialect !== 'openai-responses' || call.body.field('store') === false) return undefined;
  return (response) => {
    const id = asString(response.id);
    if (id === undefined) return;
    memory.keep({ id, response, input: listInput(call.body.json(), call.exchangeId) });
  };
}

/** Finds the finished response object among the frames of its stream. */
export function seeResponse(keep: KeepResponse): (frame: SseFrame) => void {
  return ({ event, data }) => {
    if (event !== 'response.completed' && event !== 'response.incomplete') return;
    const response = asObject(asObject(tryParseJson(data))?.response);
    if (response !== undefined) keep(response);
  };
}
