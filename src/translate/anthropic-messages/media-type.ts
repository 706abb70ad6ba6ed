/** Media types of images that the dialect takes. https://docs.claude.com/en/docs/build-with-claude/vision */
export const IMAGE_TYPES: readonly string[] = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

const MAGICS: readonly { readonly start: string; readonly mimeType: string }[] = [
  { start: '/9j/', mimeType: 'image/jpeg' },
  { start: 'iVBORw0KGgo', mimeType: 'image/png' },
  { start: 'R0lGOD', mimeType: 'image/gif' },
  { start: 'JVBERi', mimeType: 'application/pdf' },
];
/**
 * The media type that base64 data begins like, or `undefined` when its first bytes tell none: a wrong type is refused, and
 * clients often guess it.
 */
export function sniffMediaType(base64: string): string | undefined {
  const known = MAGICS.find(({ start }) => base64.startsWith(start));
  if (known !== undefined) return known.mimeType;
  // `RIFF`, four bytes of length, `WEBP`
  if (!base64.startsWith('UklGR')) return undefined;
  return Buffer.from(base64.slice(0, 24), 'base64').toString('latin1').slice(8, 12) === 'WEBP'
    ? 'image/webp'
    : undefined;
}
