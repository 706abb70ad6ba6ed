import type { MediaPart } from '../canonical/request.ts';

/** Words in the place of media, which answers of this dialect cannot hold. */
export function mediaNote({ kind, source, name }: MediaPart): string {
  if (source.type === 'url') return `[${kind}: ${source.url}]`;
  const label = [source.type === 'base64' ? source.mimeType : undefined, name].filter(Boolean).join(' ');
  return `[${label === '' ? kind : `${kind} ${label}`}, left out: it cannot be shown here]`;
}
