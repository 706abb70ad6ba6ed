import { GatewayError, invalidRequest } from '../../base/gateway-error.ts';
import { asArray, asObject, asString, type Json, type JsonObject } from '../../base/json.ts';
import { approximated, dropped, type Loss } from '../loss.ts';
import { type InlineFile, inputTokensOf, readGeminiUsage, readParts, writeUsage } from './gemini-answer.ts';
import { readFlag, readNumber, type SideFile, type SideInput } from './side-input.ts';
import {
  eventAnswer,
  type ForeignSide,
  jsonAnswer,
  type SideAnswer,
  type SideContext,
  type SideTranslation,
} from './side-operation.ts';

/** The forms of picture that Gemini draws. https://ai.google.dev/gemini-api/docs/image-generation#aspect_ratios */
const ASPECT_RATIOS = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'];
/** Two forms whose sides differ by less than this are the same to the eye. */
const SAME_FORM = 0.02;
const MOST_IMAGES = 10;
/** Fields that Gemini has no place for. */
export const LOST_IMAGE_FIELDS = [
  'background',
  'style',
  'output_compression',
  'moderation',
  'input_fidelity',
  'partial_images',
  'mask',
];

/** OpenAI's picture from words, asked of a Gemini model that draws. https://platform.openai.com/docs/api-reference/images/create */
export const imagesFromGemini: ForeignSide = {
  resource: 'generate-content',
  translate: (input, model) => translateImages(input, model, { images: [], event: 'image_generation.completed' }),
};

/** OpenAI's change of given pictures, asked of one. https://platform.openai.com/docs/api-reference/images/createEdit */
export const imageEditsFromGemini: ForeignSide = {
  resource: 'generate-content',
  translate: (input, model) => {
    const images = [...input.files.filter(isImageField).map(toInlineFile), ...linkedImages(input.fields)];
    if (images.length === 0) throw invalidRequest('The field "image" is missing: give the picture to change.', 'image');
    return translateImages(input, model, { images, event: 'image_edit.completed' });
  },
};

interface ImageTask {
  readonly images: readonly InlineFile[];
  /** The event that tells the picture to a client which wants a stream. */
  readonly event: string;
}

function translateImages(input: SideInput, model: string, { images, event }: ImageTask): SideTranslation {
  const { fields } = input;
  const prompt = asString(fields.prompt);
  if (prompt === undefined || prompt === '') {
    throw invalidRequest('The field "prompt" is missing: say what the picture shows.', 'prompt');
  }
  const losses = listLosses(input);
  const imageConfig = { ...readAspect(fields.size, losses), ...readQuality(fields.quality, model, losses) };
  const request = {
    contents: [{ role: 'user', parts: [...images.map((inlineData) => ({ inlineData })), { text: prompt }] }],
    generationConfig: {
      responseModalities: ['TEXT', 'IMAGE'],
      ...(Object.keys(imageConfig).length === 0 ? {} : { imageConfig }),
    },
  };
  const count = readNumber(fields.n) ?? 1;
  if (!Number.isInteger(count) || count < 1 || count > MOST_IMAGES) {
    throw invalidRequest(`The field "n" must be a whole number from 1 to ${MOST_IMAGES}.`, 'n');
  }
  return {
    // one request draws one picture
    requests: Array.from({ length: count }, () => request),
    losses,
    decode: (answers, context) => writeImages(answers, readFlag(fields.stream) ? event : undefined, context),
  };
}

/** Given as a list of objects in JSON, where the picture is a data URL or lies at OpenAI. */
function linkedImages(fields: JsonObject): readonly InlineFile[] {
  return asArray(fields.images).map((image, at) => {
    const url = asString(asObject(image)?.image_url) ?? asString(image) ?? '';
    const [, mimeType, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
    if (mimeType !== undefined && data !== undefined) return { mimeType, data };
    const words = 'Pictures to change must be data: URLs or files of a form; the upstream cannot fetch them.';
    throw new GatewayError('translation-refused', words, { param: `images[${at}]` });
  });
}

function isImageField({ field }: SideFile): boolean {
  return /^image(?:\[\d*\])?$/.test(field);
}

function toInlineFile({ bytes, mimeType, name }: SideFile): InlineFile {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  return { mimeType: mimeType.startsWith('image/') ? mimeType : mimeTypeOf(name), data };
}

function mimeTypeOf(name: string): string {
  if (/\.jpe?g$/i.test(name)) return 'image/jpeg';
  return /\.webp$/i.test(name) ? 'image/webp' : 'image/png';
}

function listLosses({ fields, files }: SideInput): Loss[] {
  const given = new Set([...Object.keys(fields), ...files.map((file) => file.field)]);
  const losses = LOST_IMAGE_FIELDS.filter((field) => given.has(field) && fields[field] !== 'auto').map((field) =>
    dropped(field, 'The upstream draws pictures without it.'),
  );
  if (fields.response_format === 'url') {
    losses.push(approximated('response_format', 'The upstream keeps no pictures at an address; they come as base64.'));
  }
  return losses;
}

/** The form of the picture; its size in pixels is the model's own. */
function readAspect(size: Json | undefined, losses: Loss[]): JsonObject {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(asString(size) ?? '') ?? [];
  if (width === undefined || height === undefined) return {};
  const wanted = Math.log(Number(width) / Number(height));
  const offBy = (ratio: string) => Math.abs(Math.log(shareOf(ratio)) - wanted);
  const aspectRatio = ASPECT_RATIOS.reduce((best, ratio) => (offBy(ratio) < offBy(best) ? ratio : best));
  if (offBy(aspectRatio) > SAME_FORM) {
    losses.push(approximated('size', `The nearest form that the upstream draws is ${aspectRatio}.`));
  }
  return { aspectRatio };
}

function shareOf(ratio: string): number {
  const [width = 1, height = 1] = ratio.split(':').map(Number);
  return width / height;
}

/** Models from Gemini 3 on draw in several sizes. */
function readQuality(quality: Json | undefined, model: string, losses: Loss[]): JsonObject {
  if (quality !== 'high' && quality !== 'hd') return {};
  if (/gemini-(?:[3-9]|\d{2})/.test(model)) return { imageSize: '2K' };
  losses.push(approximated('quality', 'The model draws in one quality only.'));
  return {};
}

function writeImages(
  answers: readonly JsonObject[],
  event: string | undefined,
  { createdAt }: SideContext,
): SideAnswer {
  const files = answers.flatMap((answer) => readParts(answer).files);
  if (files.length === 0) throw drewNothing(answers);
  const usage = readGeminiUsage(answers);
  const told = usage === undefined ? {} : { usage: { ...writeUsage(usage), input_tokens_details: detailsOf(answers) } };
  const created = Math.floor(createdAt / 1000);
  const format = files[0]!.mimeType.replace(/^image\//, '') || 'png';
  const head = { output_format: format, ...told };
  if (event === undefined) {
    return jsonAnswer({ created, data: files.map(({ data }) => ({ b64_json: data })), ...head }, usage);
  }
  const events = files.map(({ data }) => ({ type: event, b64_json: data, created_at: created, ...head }));
  return eventAnswer(events, usage);
}

function detailsOf(answers: readonly JsonObject[]): JsonObject {
  return { text_tokens: inputTokensOf(answers, 'TEXT'), image_tokens: inputTokensOf(answers, 'IMAGE') };
}

function drewNothing(answers: readonly JsonObject[]): GatewayError {
  const said = answers.map((answer) => readParts(answer).text).find((text) => text !== '');
  const words =
    said === undefined ? 'The model drew nothing.' : `The model drew nothing, but said: ${said.slice(0, 300)}`;
  return new GatewayError(said === undefined ? 'upstream-malformed' : 'invalid-request', words);
}
