import type { JsonDraft } from '../../base/json.ts';
import type { CanonicalRequest } from '../canonical/request.ts';
import type { EncodedRequest } from '../dialect.ts';
import { dropped, type Loss } from '../loss.ts';
import { readGeminiModel } from '../models/gemini.ts';
import type { TargetTraits } from '../target.ts';
import { encodeContents } from './encode-contents.ts';
import { dropRefused, restoreExtras } from './extras.ts';
import { promptedOutput, type Target, writeGenerationConfig } from './generation-config.ts';
import { writeThinking } from './thinking.ts';
import { writeTools } from './tools.ts';
import type { WireContent } from './wire.ts';

const SERVICE_TIERS = ['flex', 'standard', 'priority'];

/** Encodes a prepared request as a `generateContent` body. Model and streaming are said in its address. */
export function encodeRequest(request: CanonicalRequest, server: TargetTraits): EncodedRequest {
  const losses: Loss[] = [];
  const target = readTarget(request.model, server);
  const body: JsonDraft = {};
  const instructions = readInstructions(request, target);
  const contents = encodeContents(request, target, losses);
  if (instructions.length > 0 && target.model.system) body.systemInstruction = { parts: instructions };
  body.contents = target.model.system ? contents : prependInstructions(instructions, contents);
  Object.assign(body, writeTools(request, target, losses));
  writeConfig(request, target, body, losses);
  writeMeta(request, server, body);
  if (request.verbosity !== undefined) losses.push(dropped('verbosity', 'Gemini has no such field.'));
  restoreExtras(request.extras.gemini, body);
  dropRefused(body, server.quirks.refusedFields, losses);
  return { body, losses };
}

function readTarget(model: string, server: TargetTraits): Target {
  const traits = readGeminiModel(model, server.facts);
  const refused = server.quirks.refusedFields ?? [];
  const isRefused = refused.includes('parametersJsonSchema') || refused.includes('responseJsonSchema');
  return { model: traits, server, jsonSchema: traits.jsonSchema && !isRefused };
}

function readInstructions(request: CanonicalRequest, target: Target): readonly { readonly text: string }[] {
  const texts = request.system.flatMap((instruction) => instruction.parts.map((part) => part.text));
  const demand = promptedOutput(request, target);
  return [...texts, demand ?? ''].filter((text) => text !== '').map((text) => ({ text }));
}

function prependInstructions(
  instructions: readonly { readonly text: string }[],
  contents: readonly WireContent[],
): readonly WireContent[] {
  const [first, ...rest] = contents;
  if (instructions.length === 0) return contents;
  if (first?.role !== 'user') return [{ role: 'user', parts: instructions }, ...contents];
  return [{ role: 'user', parts: [...instructions, ...first.parts] }, ...rest];
}

function writeConfig(request: CanonicalRequest, target: Target, body: JsonDraft, losses: Loss[]): void {
  const config = writeGenerationConfig(request, target, losses);
  const isControlled = target.server.quirks.reasoningControl !== 'none';
  const thinking = isControlled ? writeThinking(request, target.model, losses) : undefined;
  if (!isControlled && request.reasoning !== undefined) {
    losses.push(dropped('reasoning', 'The upstream takes no wish for thinking.'));
  }
  if (thinking !== undefined) config.thinkingConfig = thinking;
  if (Object.keys(config).length > 0) body.generationConfig = config;
}

/** Labels exist on Vertex only; a tier that this vendor does not know stays with the vendor it is of. */
function writeMeta(request: CanonicalRequest, server: TargetTraits, body: JsonDraft): void {
  if (server.provider === 'vertex' && request.metadata !== undefined) body.labels = request.metadata;
  const tier = request.serviceTier?.toLowerCase();
  if (tier !== undefined && SERVICE_TIERS.includes(tier)) body.serviceTier = tier;
}
