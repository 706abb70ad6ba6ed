import type { CanonicalEvent } from './event.ts';
import type { AssistantPart } from './request.ts';
import type { CanonicalResponse } from './response.ts';

/** The events that would have told a whole answer, for a client that asked for a stream of it. */
export function replay(response: CanonicalResponse): CanonicalEvent[] {
  const { messageId, model, usage, finish } = response;
  return [
    {
      type: 'message-start',
      ...(messageId === undefined ? {} : { messageId }),
      ...(model === undefined ? {} : { model }),
      ...(usage === undefined ? {} : { usage }),
    },
    ...response.parts.flatMap(replayPart),
    ...response.losses.map((loss): CanonicalEvent => ({ type: 'loss', loss })),
    { type: 'message-end', finish, ...(usage === undefined ? {} : { usage }) },
  ];
}

function replayPart(part: AssistantPart): CanonicalEvent[] {
  const seal = 'seal' in part && part.seal !== undefined ? { seal: part.seal } : {};
  switch (part.type) {
    case 'text':
      return [
        part.refusal ? { type: 'text-start', refusal: true } : { type: 'text-start' },
        ...(part.logprobs === undefined ? [] : [{ type: 'logprobs' as const, tokens: part.logprobs }]),
        { type: 'text-delta', text: part.text },
        ...(part.citations ?? []).map((citation): CanonicalEvent => ({ type: 'citation', citation })),
        { type: 'text-end', ...seal },
      ];
    case 'reasoning':
      return [
        part.raw ? { type: 'reasoning-start', raw: true } : { type: 'reasoning-start' },
        { type: 'reasoning-delta', text: part.text },
        { type: 'reasoning-end', ...seal },
      ];
    case 'tool-call': {
      const { callId, kind, name, namespace } = part;
      return [
        {
          type: 'tool-call-start',
          callId,
          kind,
          name,
          ...(namespace === undefined ? {} : { namespace }),
          ...seal,
        },
        { type: 'tool-call-delta', text: part.arguments },
        { type: 'tool-call-end' },
      ];
    }
    case 'media':
      return [{ type: 'media', part }];
    case 'opaque':
      return [{ type: 'opaque', part }];
    default:
      return part satisfies never;
  }
}
