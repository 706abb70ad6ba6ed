import { CITATION_LOSS } from './canonical/citation.ts';
import type { CanonicalEvent } from './canonical/event.ts';
import type { AssistantPart, MediaPart, OpaquePart, TextPart } from './canonical/request.ts';
import type { CanonicalResponse } from './canonical/response.ts';
import type { ClientCodec } from './dialect.ts';
import { dropped, type Loss } from './loss.ts';

/** What was told as lost in an answer so far: each thing is told once. */
export type ToldLosses = Set<string>;

/** A whole answer without what its client cannot be told, which is among its losses then. */
export function fitResponse(response: CanonicalResponse, codec: ClientCodec): CanonicalResponse {
  const losses = new Map<string, Loss>();
  const parts = response.parts.flatMap((part) => fitPart(part, codec, losses));
  if (losses.size === 0) return response;
  return { ...response, parts, losses: [...response.losses, ...losses.values()] };
}

function fitPart(part: AssistantPart, codec: ClientCodec, losses: Map<string, Loss>): readonly AssistantPart[] {
  if (part.type === 'opaque' && !codec.carriesOpaque(part)) {
    const loss = opaqueLoss(part);
    losses.set(loss.field, loss);
    return [];
  }
  if (part.type === 'media' && !codec.carriesMedia(part)) losses.set(`part=${part.kind}`, mediaLoss(part));
  if (part.type !== 'text' || part.citations === undefined) return [part];
  const kept = part.citations.filter((citation) => codec.carriesCitation(citation));
  if (kept.length === part.citations.length) return [part];
  losses.set(CITATION_LOSS.field, CITATION_LOSS);
  const { citations: _some, ...text } = part;
  return [kept.length === 0 ? text : ({ ...text, citations: kept } satisfies TextPart)];
}

/**
 * An event as the client may be told it: a loss in place of what it cannot be told, and nothing once that loss was told. Only
 * for citations and opaque parts; every other event passes.
 */
export function fitEvent(
  event: Extract<CanonicalEvent, { type: 'citation' | 'opaque' }>,
  codec: ClientCodec,
  told: ToldLosses,
): CanonicalEvent | undefined {
  const fits = event.type === 'citation' ? codec.carriesCitation(event.citation) : codec.carriesOpaque(event.part);
  if (fits) return event;
  const loss = event.type === 'citation' ? CITATION_LOSS : opaqueLoss(event.part);
  if (told.has(loss.field)) return undefined;
  told.add(loss.field);
  return { type: 'loss', loss };
}

/** The loss of media that a client cannot be given, once for each kind. */
export function tellMediaLoss(part: MediaPart, codec: ClientCodec, told: ToldLosses): CanonicalEvent | undefined {
  const loss = mediaLoss(part);
  if (codec.carriesMedia(part) || told.has(loss.field)) return undefined;
  told.add(loss.field);
  return { type: 'loss', loss };
}

function mediaLoss({ kind }: MediaPart): Loss {
  return dropped(`part=${kind}`, 'An answer to the client holds no such media.');
}

function opaqueLoss(part: OpaquePart): Loss {
  return dropped(`part=${part.kind}`, "The client cannot be told what a vendor's own tool did.");
}
