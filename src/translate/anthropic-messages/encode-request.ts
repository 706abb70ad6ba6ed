import { GatewayError } from '../../base/gateway-error.ts';
import type { JsonDraft, JsonObject } from '../../base/json.ts';
import type { CanonicalRequest, Tool } from '../canonical/request.ts';
import type { EncodedRequest } from '../dialect.ts';
import { dropped, type Loss } from '../loss.ts';
import { clampTokens } from '../models/clamp-tokens.ts';
import { type ClaudeModel, readClaudeModel } from '../models/claude.ts';
import type { Quirks, TargetTraits } from '../target.ts';
import { dropMarks, hasMarks, limitMarks, type MarkedBlocks, markPrefix } from './cache-marks.ts';
import { encodeMessages, encodeSystem } from './encode-messages.ts';
import { encodeSampling } from './encode-sampling.ts';
import { optionalField } from './optional-field.ts';
import { planOutput } from './output-format.ts';
import { encodeReasoning } from './reasoning.ts';
import { encodeChoice, encodeTools } from './tools.ts';

/** Encodes a prepared request. Throws `translation-refused` for what cannot be left out without changing the answer's meaning. */
export function encodeRequest(request: CanonicalRequest, target: TargetTraits): EncodedRequest {
  refuseMany(request);
  const { quirks } = target;
  const traits = readClaudeModel(request.model, quirks, target.facts);
  const planned = planOutput(request, traits, quirks);
  const limit = encodeLimit(request.sampling.maxTokens, traits);
  const reasoning = encodeReasoning(planned.request, traits, limit.maxTokens, forcesCall(planned.request));
  const chosen = encodeChoice(planned.request, {
    forced: traits.forcedChoice && !reasoning.isOn,
    autoOnly: quirks.toolChoice === 'auto-only',
  });
  const content = encodeContent(planned.request, chosen.tools, traits, target);
  const isAsked = reasoning.thinking?.type === 'enabled' || reasoning.thinking?.type === 'adaptive';
  const sampling = encodeSampling(request.sampling, traits, isAsked, quirks.maxStops);
  const about = encodeAbout(request);
  const config = { ...optionalField('effort', reasoning.effort), ...optionalField('format', planned.format) };
  const body: JsonDraft = {
    ...request.extras['anthropic-messages'],
    model: request.model,
    max_tokens: limit.maxTokens,
    ...content.fields,
    ...optionalField('tool_choice', chosen.choice),
    ...sampling.fields,
    ...optionalField('thinking', reasoning.thinking),
    ...optionalField('output_config', Object.keys(config).length === 0 ? undefined : config),
    ...about.fields,
    ...(request.stream ? { stream: true } : {}),
  };
  const parts = [planned, limit, reasoning, chosen, content, sampling, about];
  const losses = parts.flatMap((part) => part.losses);
  return { body, losses: [...losses, ...removeRefused(body, quirks)] };
}

function refuseMany(request: CanonicalRequest): void {
  const { n } = request.sampling;
  if (n !== undefined && n > 1) {
    throw new GatewayError('translation-refused', 'The model serving this request gives one answer at a time.', {
      param: 'n',
    });
  }
}

function encodeLimit(wanted: number | undefined, traits: ClaudeModel): { maxTokens: number; losses: readonly Loss[] } {
  if (wanted === undefined) return { maxTokens: traits.defaultMaxTokens, losses: [] };
  const losses: Loss[] = [];
  return { maxTokens: clampTokens(wanted, traits.maxTokens, losses), losses };
}

function forcesCall({ tools, toolChoice }: CanonicalRequest): boolean {
  if (tools.length === 0 || toolChoice === undefined) return false;
  return toolChoice.mode === 'allowed'
    ? toolChoice.must
    : toolChoice.mode === 'required' || toolChoice.mode === 'named';
}

interface Encoded {
  readonly fields: JsonObject;
  readonly losses: readonly Loss[];
}

/** Tools, system and messages together, since cache marks are counted over all of them. */
function encodeContent(
  request: CanonicalRequest,
  wanted: readonly Tool[],
  traits: ClaudeModel,
  target: TargetTraits,
): Encoded {
  const { quirks } = target;
  const encodedTools = encodeTools(wanted, traits.outputFormat && quirks.strictTools !== false);
  const conversation = encodeMessages(request.messages, quirks);
  const blocks = {
    tools: encodedTools.tools,
    system: encodeSystem(request.system),
    messages: conversation.messages.map((message) => message.content),
  };
  const roles = conversation.messages.map(({ role }) => role);
  const { tools, system, messages } = settleMarks(blocks, roles, target);
  return {
    fields: {
      ...(cachesItself(blocks, target) ? { cache_control: { type: 'ephemeral' } } : {}),
      ...(system.length === 0 ? {} : { system }),
      messages: conversation.messages.map(({ role }, at) => ({ role, content: messages[at]! })),
      ...(tools.length === 0 ? {} : { tools }),
    },
    losses: [...encodedTools.losses, ...conversation.losses],
  };
}

/** The vendor itself finds the best places for marks; servers like it have to be told. */
function cachesItself(blocks: MarkedBlocks, { provider, autoCache }: TargetTraits): boolean {
  return autoCache === true && provider === 'anthropic' && !hasMarks(blocks);
}

function settleMarks(blocks: MarkedBlocks, roles: readonly string[], target: TargetTraits): MarkedBlocks {
  if (target.quirks.cacheControl === false) return dropMarks(blocks);
  const isWanted = target.autoCache === true && target.provider !== 'anthropic' && !hasMarks(blocks);
  return isWanted ? markPrefix(blocks, roles) : limitMarks(blocks);
}

/** Who asks, and how fast the answer is wanted. */
function encodeAbout(request: CanonicalRequest): Encoded {
  const { user: own, endUser } = request;
  const user = own ?? endUser?.safetyId ?? endUser?.name ?? request.metadata?.user_id;
  const metadata = user === undefined ? undefined : { user_id: user };
  const tier = encodeTier(request.serviceTier);
  const losses =
    request.serviceTier === 'fast' ? [dropped('service_tier', 'Fast answers need a beta of the vendor.')] : [];
  return { fields: { ...optionalField('metadata', metadata), ...optionalField('service_tier', tier) }, losses };
}

function encodeTier(tier: string | undefined): string | undefined {
  switch (tier) {
    case undefined:
    case 'auto':
    case 'default':
    case 'fast':
      return undefined;
    case 'priority':
      return 'auto';
    default:
      return 'standard_only';
  }
}

function removeRefused(body: JsonDraft, quirks: Quirks): readonly Loss[] {
  const refused = (quirks.refusedFields ?? []).filter((name) => body[name] !== undefined);
  for (const name of refused) delete body[name];
  return refused.map((name) => dropped(name, 'The server refuses this field.'));
}
