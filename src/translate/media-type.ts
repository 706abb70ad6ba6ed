import type { MediaKind } from './canonical/request.ts';

const MAGICS: readonly { readonly start: string; readonly mimeType: string }[] = [
  { start: '/9j/', mimeType: 'image/jpeg' },
  { start: 'iVBORw0KGgo', mimeType: 'image/png' },
  { start: 'R0lGOD', mimeType: 'image/gif' },
  { start: 'JVBERi', mimeType: 'application/pdf' },
];

/**
 * The media type that base64 data begins like, or `undefined` when its first bytes tell none: some services refuse a wrong type,
 * and clients often guess it.
 */
export function sniffMediaType(base64: string): string | undefined {
  const known = MAGICS.find(({ start }) => base64.startsWith(start));
  if (known !== undefined) return known.mimeType;
  // `RIFF`, four bytes of length, and what it holds
  if (!base64.startsWith('UklGR')) return undefined;
  const form = Buffer.from(base64.slice(0, 24), 'base64').toString('latin1').slice(8, 12);
  return form === 'WEBP' ? 'image/webp' : form === 'WAVE' ? 'audio/wav' : undefined;
}

/** What a media type is; a document when nothing better is known. */
export function kindOfType(mimeType: string): MediaKind {
  const family = mimeType.slice(0, mimeType.indexOf('/')).toLowerCase();
  return family === 'image' || family === 'audio' || family === 'video' ? family : 'document';
}

/** What data is that was sent as something: some programs send any file as an image. */
export function kindOfSent(mimeType: string, sentAs: MediaKind): MediaKind {
  const kind = kindOfType(mimeType);
  return kind === 'document' && mimeType !== 'application/pdf' ? sentAs : kind;
}

/** True for a type whose data is text, whatever it is text of. */
export function isTextType(mimeType: string): boolean {
  return /^text\/|[/+](?:json|xml|yaml|javascript)\b/.test(mimeType);
}

/** The type of data that a client has named carelessly: by its bytes where it was given none, or one that tells nothing. */
export function typeOfData(told: string | undefined, base64: string, name?: string): string | undefined {
  if (told !== undefined && !UNTOLD.has(told)) return told;
  return sniffMediaType(base64) ?? (name === undefined ? undefined : typeOfName(name)) ?? (told || undefined);
}

const UNTOLD: ReadonlySet<string> = new Set(['', 'application/octet-stream', 'binary/octet-stream']);

const TYPE_OF_ENDING: { readonly [ending: string]: string | undefined } = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  heic: 'image/heic',
  heif: 'image/heif',
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  html: 'text/html',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  ogg: 'audio/ogg',
  flac: 'audio/flac',
  m4a: 'audio/mp4',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
};

/** The media type that the ending of a file's name or address tells. */
export function typeOfName(name: string): string | undefined {
  const ending = /\.([a-z0-9]{2,4})(?:[?#]|$)/i.exec(name)?.[1]?.toLowerCase();
  return ending !== undefined && Object.hasOwn(TYPE_OF_ENDING, ending) ? TYPE_OF_ENDING[ending] : undefined;
}
