import type { CanonicalEvent } from './canonical/event.ts';
import type { CanonicalRequest } from './canonical/request.ts';
import type { CanonicalResponse } from './canonical/response.ts';
import type { Loss } from './loss.ts';
import type { Transducer } from './stream/transducer.ts';

/** Which tool names and kinds a target takes. */
export interface ToolNameRules {
  /** A whole valid name. */
  readonly valid: RegExp;
  /** A character that may not stand in a name; each becomes `_`. */
  readonly invalidCharacter: RegExp;
  readonly maxLength: number;
  /** True: tools of kind `custom` are taken as they are; else they become functions with one string argument `input`. */
  readonly custom: boolean;
  /** True: namespaces are taken as they are; else `namespace__name`. */
  readonly namespaces: boolean;
}

/** The tool names of one request as its target sees them, and the way back. */
export interface ToolNames {
  toWire(name: string, namespace?: string): string;
  fromWire(wireName: string): WireTool | undefined;
}

/** What a name on the wire stands for. */
export interface WireTool {
  readonly name: string;
  readonly namespace?: string;
  readonly kind: 'function' | 'custom';
}

/** Names every tool of a request, and every tool its history calls, so that the target takes it. Depends on the request alone. */
export function nameTools(_request: CanonicalRequest, _rules: ToolNameRules): ToolNames {
  return {
    toWire: (name, namespace) => (namespace === undefined ? name : `${namespace}__${name}`),
    fromWire: () => undefined,
  };
}

/** The request with the target's names in its tools, calls, results and tool choice, and custom tools as functions where needed. */
export function adaptTools(
  request: CanonicalRequest,
  _names: ToolNames,
  _rules: ToolNameRules,
): { readonly request: CanonicalRequest; readonly losses: readonly Loss[] } {
  return { request, losses: [] };
}

/** Gives the calls of a streamed answer their own names, namespaces and kinds back. */
export function restoreTools(_names: ToolNames): Transducer<CanonicalEvent, CanonicalEvent> {
  return (emit) => ({ push: emit, finish: () => {} });
}

/** The same for a whole answer. */
export function restoreToolsIn(response: CanonicalResponse, _names: ToolNames): CanonicalResponse {
  return response;
}
