import type { Account, ProviderId } from '../base/account.ts';
import type { GatewayError } from '../base/gateway-error.ts';
import type { JsonObject } from '../base/json.ts';
import type { ListedModel } from '../base/model-facts.ts';
import type { UpstreamFailure } from '../translate/dialect.ts';
import type { DialectId } from '../translate/dialect-id.ts';
import type { Loss } from '../translate/loss.ts';
import type { SideResource } from '../translate/side/side-operation.ts';
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
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body?: Uint8Array | string;
  readonly proxyUrl?: string;
  /** Milliseconds until the headers of the answer must be there, where that is less than every request is given. */
  readonly withinMs?: number;
  /** The caller's own controller, which already follows the client; time limits are put on it too. */
  readonly abort?: AbortController;
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

/** The same for what is asked besides conversations. */
export interface LocalSideCall {
  readonly resource: SideResource;
  readonly model: string;
  readonly body: JsonObject;
}

/** One dialect that a provider speaks, and where. */
export interface Endpoint {
  readonly dialect: DialectId;
  url(call: Call): string;
  /** Where the input tokens of a request are counted. Absent: the upstream does not count them. */
  countUrl?(call: Call): string;
  /** False for a base URL that is another dialect's alone. Absent: it is served at every one. */
  servedAt?(baseUrl: string): boolean;
  /** True: used only for accounts whose owner listed the dialect, since few of these upstreams have it. */
  readonly onlyWhenListed?: boolean;
  /** Whether the model is served there. Absent: every model is. */
  servesModel?(model: string): boolean;
  /** True: only for clients of the dialect itself, since answers in it can be passed on but not translated. */
  readonly passesOnly?: boolean;
}

/** The URLs of what a provider can be asked besides conversations; `undefined` for a base URL that does not lead there. */
export type SideEndpoints = { readonly [R in SideResource]?: (call: Call) => string | undefined };

/** A body as its upstream takes it, and what that cost. */
export interface Adjusted {
  readonly body: JsonObject;
  readonly losses: readonly Loss[];
}

/** Finds a provider by its id; absent for one that cannot be reached yet. */
export type FindProvider = (id: string) => Provider | undefined;

/** Who runs an upstream, and how it is reached. */
export interface Provider {
  readonly id: ProviderId;
  readonly title: string;
  /** Absent: the account must name one. */
  readonly defaultBaseUrl?: string;
  /** The root of an account's URLs, where it hangs on more than the base URL; `undefined` when the account does not tell enough. */
  rootOf?(account: Account): string | undefined;
  /** What an owner has to do when `rootOf` finds none. */
  readonly rootAdvice?: string;
  /** Dialects it speaks, in the order in which a foreign client's request prefers them. */
  readonly endpoints: readonly Endpoint[];
  /** What it can be asked besides conversations, and where. */
  readonly sides?: SideEndpoints;
  /** The dialect in which a foreign client's request for this model fares best. Absent: the first endpoint's. */
  preferredDialect?(model: string): DialectId | undefined;
  /** False: accounts need no credential. */
  readonly needsCredential: boolean;
  /** The headers that authorize a request of this account. */
  authorize(account: Account, dialect: DialectId): { readonly [name: string]: string };
  /** How it deviates from the dialect's reference; `baseUrl` tells which server a compatible provider leads to. */
  quirks(dialect: DialectId, model: string, baseUrl?: string): Quirks;
  /** False: `adjust` would change nothing here, so that bytes which pass need not be read. Absent: always true. */
  adjusts?(dialect: DialectId, model: string, baseUrl?: string): boolean;
  /** Last changes to a body, encoded or passed, that quirks cannot express. */
  adjust?(body: JsonObject, dialect: DialectId, model: string, baseUrl?: string): Adjusted;
  /** A closer look at an error that the dialect's codec has read. */
  refineError?(failure: UpstreamFailure, error: GatewayError): GatewayError;
  /** Whether a server of Anthropic's dialect knows the flags of `anthropic-beta`. Absent: none does but Anthropic itself. */
  takesBetas?(baseUrl: string): boolean;
  /** True: any server may stand behind it, so that an optional field which one refuses by name is left out of what passes, too. */
  readonly learnsRefusals?: true;
  /** Asks the provider for its models, and what it says of each. */
  listModels?(send: Send, account: Account, signal: AbortSignal): Promise<readonly ListedModel[]>;
  /** Models it serves when no list can be asked for. */
  readonly knownModels?: readonly string[];
  /** Answers without a network. */
  answerLocally?(call: LocalCall, signal: AbortSignal): Promise<Response>;
  /** The same for what is asked besides conversations. */
  answerSideLocally?(call: LocalSideCall): Response;
}
