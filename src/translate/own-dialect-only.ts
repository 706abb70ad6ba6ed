import { GatewayError } from '../base/gateway-error.ts';
import type { CanonicalRequest } from './canonical/request.ts';
import type { DialectId } from './dialect-id.ts';

/** Fields and parts of one dialect which decide what a request means: to leave them out would answer another request. */
const ESSENTIAL: { readonly [D in DialectId]?: { readonly [name: string]: string } } = {
  'openai-responses': {
    conversation: 'A conversation is kept by the service that began it, and no other can go on with it.',
    background: 'Only an upstream of the Responses API can answer in the background.',
    prompt: 'A stored prompt is kept by the service that it was written for, and no other can read it.',
    compaction: 'An opaque compaction item can only be read by the upstream that made it.',
  },
  gemini: {
    cachedContent: 'Cached content is kept by the service that it was given to, and it is a part of the prompt.',
  },
};

/** Parts that are about how their own service works, and say nothing to another. */
const UNSAID: { readonly [D in DialectId]?: ReadonlySet<string> } = {
  'openai-responses': new Set(['compaction_trigger', 'configuration_update', 'program', 'mcp_list_tools']),
};

/** Why a request with this field or part can only go to its own dialect; `undefined` when it may be lost. */
export function refuseEssential(dialect: DialectId, name: string, param = name): GatewayError | undefined {
  const words = ESSENTIAL[dialect];
  const why = words !== undefined && Object.hasOwn(words, name) ? words[name] : undefined;
  return why === undefined ? undefined : new GatewayError('translation-refused', why, { param });
}

/** Throws `translation-refused` when a request for another dialect holds what only its own can honour. */
export function refuseForeignEssentials(request: CanonicalRequest, target: DialectId): void {
  for (const [origin, fields] of Object.entries(request.extras)) {
    if (origin === target || fields === undefined) continue;
    for (const field of Object.keys(fields)) throwIf(refuseEssential(origin as DialectId, field));
  }
  for (const { parts } of request.messages) {
    for (const part of parts) {
      if (part.type !== 'opaque' || part.dialect === target) continue;
      throwIf(refuseEssential(part.dialect, part.kind, 'input'));
    }
  }
}

function throwIf(refusal: GatewayError | undefined): void {
  if (refusal !== undefined) throw refusal;
}

/** Whether a part goes without a word when its request leaves its dialect. */
export function goesUnsaid(dialect: DialectId, kind: string): boolean {
  return UNSAID[dialect]?.has(kind) ?? false;
}
