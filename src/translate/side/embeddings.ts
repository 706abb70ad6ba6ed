import { GatewayError, invalidRequest } from '../../base/gateway-error.ts';
import { asArray, asNumber, asObject, asObjects, asString, type Json, type JsonObject } from '../../base/json.ts';
import type { Usage } from '../../base/usage.ts';
import { dropped, type Loss } from '../loss.ts';
import type { SideInput } from './side-input.ts';
import { type ForeignSide, jsonAnswer, type SideAnswer, type SideContext } from './side-operation.ts';

/** The most texts that Gemini embeds in one request. https://ai.google.dev/api/embeddings#method:-models.batchembedcontents */
const MOST_TEXTS = 100;
/** What four characters come to, on the average: said where the upstream says nothing. */
const CHARACTERS_PER_TOKEN = 4;

/** OpenAI's embeddings asked of Gemini. https://platform.openai.com/docs/api-reference/embeddings/create */
export const embeddingsFromGemini: ForeignSide = {
  resource: 'batch-embed-contents',
  translate: ({ fields }, model) => {
    const texts = readTexts(fields.input);
    const dimensions = asNumber(fields.dimensions);
    const size = dimensions === undefined ? {} : { outputDimensionality: dimensions };
    const entries = texts.map((text) => ({ model: `models/${model}`, content: { parts: [{ text }] }, ...size }));
    const asBase64 = fields.encoding_format === 'base64';
    return {
      requests: chunk(entries, MOST_TEXTS).map((requests) => ({ requests })),
      losses: [],
      decode: (answers, context) => {
        const vectors = answers.flatMap((answer) => asObjects(answer.embeddings).map(readValues));
        checkCount(vectors, texts.length);
        // a shortened vector of Gemini is not of length one, as OpenAI's always are
        const shown = dimensions === undefined ? vectors : vectors.map(toUnitLength);
        const usage = readUsage(answers) ?? estimateUsage(texts);
        return writeEmbeddings(shown, { asBase64, usage, context });
      },
    };
  },
};

/** Gemini's embedding of one content asked of an OpenAI-compatible server. https://ai.google.dev/api/embeddings */
export const embedContentFromOpenAi: ForeignSide = {
  resource: 'embeddings',
  translate: ({ fields }, model) => {
    const entry = readEntry(fields);
    return {
      requests: [writeOpenAiRequest(model, [entry])],
      losses: entry.losses,
      decode: (answers) => {
        const vectors = answers.flatMap(readOpenAiVectors);
        checkCount(vectors, 1);
        const usage = readOpenAiUsage(answers);
        return jsonAnswer({ embedding: { values: vectors[0]! }, ...writeMetadata(usage) }, usage);
      },
    };
  },
};

/** The same for several contents; those that want vectors of another size are asked for apart. */
export const batchEmbedContentsFromOpenAi: ForeignSide = {
  resource: 'embeddings',
  translate: ({ fields }: SideInput, model) => {
    const entries = asObjects(fields.requests).map(readEntry);
    if (entries.length === 0) throw invalidRequest('The field "requests" must hold at least one request.', 'requests');
    const oneSize = entries.every((entry) => entry.dimensions === entries[0]!.dimensions);
    const groups = oneSize ? [entries] : entries.map((entry) => [entry]);
    return {
      requests: groups.map((group) => writeOpenAiRequest(model, group)),
      losses: uniqueLosses(entries.flatMap((entry) => entry.losses)),
      decode: (answers) => {
        const vectors = answers.flatMap(readOpenAiVectors);
        checkCount(vectors, entries.length);
        const usage = readOpenAiUsage(answers);
        return jsonAnswer({ embeddings: vectors.map((values) => ({ values })), ...writeMetadata(usage) }, usage);
      },
    };
  },
};

/** A vector as OpenAI's libraries ask for it: 32-bit floats, the lowest byte first, in base64. */
export function toBase64(vector: readonly number[]): string {
  const bytes = new DataView(new ArrayBuffer(vector.length * 4));
  for (const [at, value] of vector.entries()) bytes.setFloat32(at * 4, value, true);
  return Buffer.from(bytes.buffer).toString('base64');
}

/** OpenAI's answer that holds vectors. */
export function writeEmbeddings(
  vectors: readonly (readonly number[])[],
  {
    asBase64,
    usage,
    context,
  }: { readonly asBase64: boolean; readonly usage: Usage; readonly context: Pick<SideContext, 'model'> },
): SideAnswer {
  const data = vectors.map((vector, index) => ({
    object: 'embedding',
    index,
    embedding: asBase64 ? toBase64(vector) : vector,
  }));
  const tokens = usage.input ?? 0;
  const told = { prompt_tokens: tokens, total_tokens: tokens };
  return jsonAnswer({ object: 'list', data, model: context.model, usage: told }, usage);
}

/** The texts that a request of OpenAI's wants embedded. Throws for tokens, which are numbers of a vocabulary that only its own models have. */
export function readTexts(input: Json | undefined): readonly string[] {
  const entries = typeof input === 'string' ? [input] : asArray(input);
  if (entries.length === 0) throw invalidRequest('The field "input" must be a text or a list of texts.', 'input');
  return entries.map((entry) => {
    if (typeof entry === 'string') return entry;
    const words = 'The field "input" holds tokens of an OpenAI vocabulary; the upstream takes texts only.';
    throw new GatewayError('translation-refused', words, { param: 'input' });
  });
}

interface Entry {
  readonly text: string;
  readonly dimensions: number | undefined;
  readonly losses: readonly Loss[];
}

function readEntry(request: JsonObject): Entry {
  const parts = asObjects(asObject(request.content)?.parts);
  const texts = parts.map((part) => asString(part.text));
  if (parts.length === 0) throw invalidRequest('The field "content" must hold at least one part.', 'content');
  if (texts.includes(undefined)) {
    const words = 'The field "content" holds a part that is no text; the upstream embeds texts only.';
    throw new GatewayError('translation-refused', words, { param: 'content' });
  }
  const { taskType, title } = request;
  return {
    text: texts.join('\n'),
    dimensions: asNumber(request.outputDimensionality),
    losses: [
      ...(taskType === undefined ? [] : [dropped('taskType', 'The upstream embeds for every purpose alike.')]),
      ...(title === undefined ? [] : [dropped('title', 'The upstream takes no title.')]),
    ],
  };
}

function writeOpenAiRequest(model: string, entries: readonly Entry[]): JsonObject {
  const dimensions = entries[0]?.dimensions;
  return {
    model,
    input: entries.map((entry) => entry.text),
    encoding_format: 'float',
    ...(dimensions === undefined ? {} : { dimensions }),
  };
}

/** In the order of their indices, which an upstream need not keep. Some servers answer base64 whatever was asked. */
function readOpenAiVectors(answer: JsonObject): readonly (readonly number[])[] {
  const entries = asObjects(answer.data);
  return entries
    .map((entry, place) => ({ at: asNumber(entry.index) ?? place, vector: readVector(entry.embedding) }))
    .sort((a, b) => a.at - b.at)
    .map(({ vector }) => vector);
}

function readVector(value: Json | undefined): readonly number[] {
  if (typeof value !== 'string') return asArray(value).map(Number);
  const bytes = Buffer.from(value, 'base64');
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => bytes.readFloatLE(at * 4));
}

function readValues(embedding: JsonObject): readonly number[] {
  return asArray(embedding.values).map(Number);
}

function checkCount(vectors: readonly (readonly number[])[], expected: number): void {
  if (vectors.length === expected && vectors.every(isVector)) return;
  const words = `The upstream answered ${vectors.length} embeddings for ${expected} texts.`;
  throw new GatewayError('upstream-malformed', words);
}

function isVector(vector: readonly number[]): boolean {
  return vector.length > 0 && vector.every(Number.isFinite);
}

function toUnitLength(vector: readonly number[]): readonly number[] {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? vector : vector.map((value) => value / length);
}

function readUsage(answers: readonly JsonObject[]): Usage | undefined {
  const counts = answers.map((answer) => asNumber(asObject(answer.usageMetadata)?.promptTokenCount));
  return sumCounts(counts);
}

function readOpenAiUsage(answers: readonly JsonObject[]): Usage | undefined {
  return sumCounts(answers.map((answer) => asNumber(asObject(answer.usage)?.prompt_tokens)));
}

function sumCounts(counts: readonly (number | undefined)[]): Usage | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : { input: known.reduce((sum, count) => sum + count, 0) };
}

function estimateUsage(texts: readonly string[]): Usage {
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  return { input: Math.ceil(characters / CHARACTERS_PER_TOKEN), estimated: true };
}

function writeMetadata(usage: Usage | undefined): JsonObject {
  if (usage?.input === undefined) return {};
  return { usageMetadata: { promptTokenCount: usage.input, totalTokenCount: usage.input } };
}

function uniqueLosses(losses: readonly Loss[]): readonly Loss[] {
  return [...new Map(losses.map((loss) => [loss.field, loss])).values()];
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}
