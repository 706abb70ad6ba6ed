import type { MediaPart } from '../../translate/canonical/request.ts';
import { type ImageSize, readImageSize } from './image-size.ts';
import type { ModelMaker } from './model-maker.ts';

/** A picture says its size near its beginning, behind a preview at most. */
const IMAGE_HEAD_CHARACTERS = 512 * 1024;
/** What a picture is taken for whose size cannot be read: a link, an uploaded file. */
const USUAL_SIZE: ImageSize = { width: 1092, height: 1092 };
const TOKENS_PER_PAGE = 2000;
/** A page that is not written out in the file is told from the file's length. */
const BYTES_PER_PAGE = 60_000;
const LONGEST_DOCUMENT_READ = 12 * 1024 * 1024;
const AUDIO_TOKENS_PER_SECOND = 32;
/** A compressed recording of speech, in bytes a second. */
const AUDIO_BYTES_PER_SECOND = 16_000;
const VIDEO_TOKENS_PER_SECOND = 290;
const VIDEO_BYTES_PER_SECOND = 250_000;
const UNKNOWN_SECONDS = 60;

/** The tokens of a picture, document, recording or film. Texts of documents are counted as text, not here. */
export function mediaTokens(part: MediaPart, { maker, factor }: ModelMaker): number {
  switch (part.kind) {
    case 'image':
      return imageTokens(sizeOf(part), { maker, factor, detail: part.detail });
    case 'document':
      return pagesOf(part) * TOKENS_PER_PAGE;
    case 'audio':
      return Math.ceil(secondsOf(part, AUDIO_BYTES_PER_SECOND) * AUDIO_TOKENS_PER_SECOND);
    case 'video':
      return Math.ceil(secondsOf(part, VIDEO_BYTES_PER_SECOND) * VIDEO_TOKENS_PER_SECOND);
    default:
      return part.kind satisfies never;
  }
}

interface ImageReader extends Pick<ModelMaker, 'maker' | 'factor'> {
  readonly detail: string | undefined;
}

/** The tokens of a picture by its maker's own formula. */
export function imageTokens(size: ImageSize, { maker, factor, detail }: ImageReader): number {
  switch (maker) {
    case 'anthropic':
      // https://docs.claude.com/en/docs/build-with-claude/vision#calculate-image-costs
      return Math.min(Math.ceil((size.width * size.height) / 750), factor > 1.2 ? 4800 : 1600);
    case 'google':
      return googleTokens(size);
    default:
      // https://platform.openai.com/docs/guides/images-vision#calculating-costs
      return detail === 'low' ? 85 : 85 + 170 * openAiTiles(size);
  }
}

/** Small pictures are one tile; larger ones are cut. https://ai.google.dev/gemini-api/docs/tokens#multimodal-tokens */
function googleTokens({ width, height }: ImageSize): number {
  if (width <= 384 && height <= 384) return 258;
  return 258 * Math.ceil(width / 768) * Math.ceil(height / 768);
}

/** Scaled into 2048², then to a shorter side of 768, then cut into squares of 512. */
function openAiTiles({ width, height }: ImageSize): number {
  const fit = Math.min(1, 2048 / Math.max(width, height));
  const scale = fit * Math.min(1, 768 / (Math.min(width, height) * fit));
  return Math.ceil((width * scale) / 512) * Math.ceil((height * scale) / 512);
}

function sizeOf({ source }: MediaPart): ImageSize {
  if (source.type !== 'base64') return USUAL_SIZE;
  return readImageSize(Buffer.from(source.data.slice(0, IMAGE_HEAD_CHARACTERS), 'base64')) ?? USUAL_SIZE;
}

/** Pages are named in the file, but for those in compressed lists. */
function pagesOf({ source }: MediaPart): number {
  if (source.type !== 'base64') return 2;
  const bytes = Math.floor((source.data.length * 3) / 4);
  if (bytes > LONGEST_DOCUMENT_READ) return Math.ceil(bytes / BYTES_PER_PAGE);
  const file = Buffer.from(source.data, 'base64');
  const named = countPages(file, '/Type /Page') + countPages(file, '/Type/Page');
  return Math.max(1, named > 0 ? named : Math.ceil(bytes / BYTES_PER_PAGE));
}

function countPages(file: Buffer, name: string): number {
  let pages = 0;
  for (let at = file.indexOf(name); at >= 0; at = file.indexOf(name, at + name.length)) {
    // the list of pages is named in the plural
    if (file[at + name.length] !== 0x73) pages++;
  }
  return pages;
}

function secondsOf({ source }: MediaPart, bytesPerSecond: number): number {
  if (source.type !== 'base64') return UNKNOWN_SECONDS;
  const head = Buffer.from(source.data.slice(0, 64), 'base64');
  // https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html
  const isWave = head.length >= 32 && head.toString('latin1', 0, 4) === 'RIFF';
  const rate = isWave ? head.readUInt32LE(28) : bytesPerSecond;
  return (source.data.length * 3) / 4 / Math.max(1, rate);
}
