import type { ServerResponse } from 'node:http';
import {
  asArray,
  asNumber,
  asObject,
  asObjects,
  asString,
  type Json,
  type JsonObject,
} from '../../../src/base/json.ts';
import type { RecordedRequest } from './recorded-request.ts';
import { needObject, needString, refuse } from './refusal.ts';

/** What the services answer besides conversations, by the end of the path. */
export const SIDE_PATHS = [
  '/embeddings',
  '/images/generations',
  '/images/edits',
  '/audio/transcriptions',
  '/audio/speech',
  '/moderations',
] as const;
type Side = (typeof SIDE_PATHS)[number] | ':embedContent' | ':batchEmbedContents' | ':generateContent';

/** The picture that every request for one gets: a single white pixel. */
export const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';
/** What every recording says. */
export const SPOKEN = 'Grüße aus Köln.';
/** The bytes of every speech; the input `break` breaks off after the first half. */
export const SOUND = new Uint8Array(Array.from({ length: 4096 }, (_, at) => (at * 7) % 256));

/** Answers what is no conversation; false for a request that is one. Throws a `Refusal`. */
export function answerSide(record: RecordedRequest, response: ServerResponse, cut: () => void): boolean {
  const side = sideOf(record);
  if (side === undefined) return false;
  if (side === '/audio/speech') {
    speak(record.body ?? {}, response, cut);
    return true;
  }
  const body = JSON.stringify(writeAnswer(side, record));
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  return true;
}

/** The vector of a text: the same for the same text, and of length one. */
export function vectorOf(text: string, dimensions = 4): readonly number[] {
  const raw = Array.from({ length: dimensions }, (_, at) => Math.fround((text.length + 1) / (at + 1)));
  const length = Math.hypot(...raw);
  return raw.map((value) => Math.fround(value / length));
}

function sideOf({ path, dialect, body }: RecordedRequest): Side | undefined {
  const plain = path.split('?')[0]!;
  const found = [...SIDE_PATHS, ':embedContent' as const, ':batchEmbedContents' as const];
  const side = found.find((end) => plain.endsWith(end));
  if (side !== undefined) return side;
  const modalities = asArray(asObject(body?.generationConfig)?.responseModalities);
  return dialect === 'gemini' && modalities.includes('IMAGE') ? ':generateContent' : undefined;
}

function writeAnswer(side: Exclude<Side, '/audio/speech'>, record: RecordedRequest): JsonObject {
  const { body = {}, rawBody, model = '' } = record;
  switch (side) {
    case '/embeddings':
      return writeEmbeddings(body, model);
    case '/images/generations':
    case '/images/edits':
      // https://platform.openai.com/docs/api-reference/images/object
      return { created: 1_795_000_000, data: [{ b64_json: PIXEL }], output_format: 'png' };
    case '/audio/transcriptions':
      if (!/name="file"; filename=/.test(rawBody)) refuse("Missing required parameter: 'file'.", { param: 'file' });
      return { text: SPOKEN, usage: { type: 'duration', seconds: 3 } };
    case '/moderations':
      return { id: 'modr-1', model: 'omni-moderation-latest', results: [{ flagged: false }] };
    case ':embedContent':
      return { embedding: { values: valuesOf(body) } };
    case ':batchEmbedContents':
      return { embeddings: asObjects(body.requests).map((request) => ({ values: checkedValues(request, model) })) };
    case ':generateContent':
      return drawPicture();
    default:
      return side satisfies never;
  }
}

/** https://platform.openai.com/docs/api-reference/embeddings/object */
function writeEmbeddings(body: JsonObject, model: string): JsonObject {
  const texts = typeof body.input === 'string' ? [body.input] : asArray(body.input);
  if (texts.length === 0) refuse("'$.input' is invalid.", { param: 'input' });
  const data = texts.map((text, index) => ({
    object: 'embedding',
    index,
    embedding: encodeVector(vectorOf(String(text), asNumber(body.dimensions)), body.encoding_format),
  }));
  return { object: 'list', data, model, usage: { prompt_tokens: 2 * texts.length, total_tokens: 2 * texts.length } };
}

function encodeVector(vector: readonly number[], format: Json | undefined): Json {
  return format === 'base64' ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector;
}

/** https://ai.google.dev/api/embeddings#EmbedContentRequest */
function checkedValues(request: JsonObject, model: string): readonly number[] {
  if (asString(request.model) !== `models/${model}`) {
    refuse('* BatchEmbedContentsRequest.requests[0].model: model does not match the model in the path.');
  }
  return valuesOf(request);
}

function valuesOf(request: JsonObject): readonly number[] {
  const part = needObject(asArray(asObject(request.content)?.parts)[0], 'content.parts[0]');
  const size = asNumber(request.outputDimensionality);
  const vector = vectorOf(needString(part.text, 'content.parts[0].text'), size);
  // shortened vectors are not brought to length one
  return size === undefined ? vector : vector.map((value) => value * 2);
}

/** https://ai.google.dev/gemini-api/docs/image-generation */
function drawPicture(): JsonObject {
  const parts = [{ text: 'Here it is.' }, { inlineData: { mimeType: 'image/png', data: PIXEL } }];
  return {
    candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 1290, totalTokenCount: 1294 },
  };
}

function speak(body: JsonObject, response: ServerResponse, cut: () => void): void {
  needString(body.voice, 'voice');
  response.writeHead(200, { 'content-type': 'audio/mpeg' });
  const half = SOUND.length / 2;
  response.write(SOUND.slice(0, half), () => {
    if (body.input === 'break') cut();
    else response.end(SOUND.slice(half));
  });
}
