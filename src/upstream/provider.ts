import type { Account, ProviderId } from '../base/account.ts';
import type { GatewayError } from '../base/gateway-error.ts';
import type { JsonObject } from '../base/json.ts';
import type { UpstreamFailure } from '../translate/dialect.ts';
import type { DialectId } from '../translate/dialect-id.ts';
import type { Loss } from '../translate/loss.ts';
import type { Quirks } from '../translate/target.ts';

/** What an endpoint needs to know to make its URL. */
export interface Call {
  /** The provider's own root or the account's `base_url`, without a trailing slash. */
  readonly baseUrl: string;
  readonly model: string;
  readonly stream: boolean;
}

/** One request to an upstream, ready to be sent. */
export interface UpstreamRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body?: Uint8Array | string;
  readonly proxyUrl?: string;
}

/** Sends one request to an upstream; answers once its headers are there. Throws `upstream-unreachable`, `-timeout` or `canceled`. */
export type Send = (request: UpstreamRequest, signal: AbortSignal) => Promise<Response>;

/** An answer given without any network, in the dialect asked. Only `echo` has one. */
export interface LocalCall {
  readonly dialect: DialectId;
  readonly model: string;
  readonly stream: boolean;
  readonly body: JsonObject;
  readonly exchangeId: string;
}

/** Who runs an upstream, and how it is reached. */
export interface Provider {
  readonly id: ProviderId;
  readonly title: string;
  /** Absent: the account must name one. */
  readonly defaultBaseUrl?: string;
  /** Dialects it speaks, in the order in which a foreign client's request prefers them. */
  readonly endpoints: readonly { readonly dialect: DialectId; url(call: Call): string }[];
  /** False: accounts need no credential. */
  readonly needsCredential: boolean;
  /** The headers that authorize a request of this account. */
  authorize(account: Account, dialect: DialectId): { readonly [name: string]: string };
  /** How it deviates from the dialect's reference, by model where that matters. */
  quirks(dialect: DialectId, model: string): Quirks;
  /** Last changes to an encoded body that quirks cannot express. */
  adjust?(
    body: JsonObject,
    dialect: DialectId,
    model: string,
  ): { readonly body: JsonObject; readonly losses: readonly Loss[] };
  /** A closer look at an error that the dialect's codec has read. */
  refineError?(failure: UpstreamFailure, error: GatewayError): GatewayError;
  /** Asks the provider for its models. */
  listModels?(send: Send, account: Account, signal: AbortSignal): Promise<readonly string[]>;
  /** Models it serves when no list can be asked for. */
  readonly knownModels?: readonly string[];
  /** Model names of a family that belongs to it: contract §4, rule 5. */
  readonly modelFamily?: RegExp;
  /** Answers without a network. */
  answerLocally?(call: LocalCall, signal: AbortSignal): Promise<Response>;
}
