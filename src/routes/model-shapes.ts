import type { JsonObject } from '../base/json.ts';
import type { ModelFacts } from '../base/model-facts.ts';

/** One model as the gateway offers it. */
export interface OfferedModel {
  readonly id: string;
  /** Who serves it, for `owned_by`. */
  readonly owner: string;
  /** Epoch milliseconds; stable, since clients compare lists. */
  readonly createdAt: number;
  /** What is known of the model that answers under this name. */
  readonly facts: ModelFacts;
}

/** https://platform.openai.com/docs/api-reference/models/object */
export function toOpenAi(model: OfferedModel): JsonObject {
  return { id: model.id, object: 'model', created: Math.floor(model.createdAt / 1000), owned_by: model.owner };
}

/** https://docs.claude.com/en/api/models; what is not known is null there. */
export function toAnthropic({ id, createdAt, facts }: OfferedModel): JsonObject {
  return {
    type: 'model',
    id,
    display_name: facts.title ?? id,
    created_at: new Date(createdAt).toISOString(),
    max_input_tokens: facts.contextWindow ?? null,
    max_tokens: facts.maxOutput ?? null,
    capabilities: facts.thinkingTypes === undefined ? null : toCapabilities(facts),
  };
}

const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'];
const THINKING_TYPES = ['adaptive', 'between_tools', 'disabled', 'enabled'];

function toCapabilities({ thinks, thinkingTypes, efforts, inputs, outputSchema }: ModelFacts): JsonObject {
  const has = (supported: boolean | undefined) => ({ supported: supported === true });
  return {
    // the gateway carries no batches
    batch: has(false),
    image_input: has(inputs?.includes('image')),
    pdf_input: has(inputs?.includes('document')),
    structured_outputs: has(outputSchema),
    effort: {
      ...has((efforts ?? []).length > 0),
      ...Object.fromEntries(EFFORTS.map((effort) => [effort, has(efforts?.includes(effort))])),
    },
    thinking: {
      ...has(thinks),
      types: Object.fromEntries(
        THINKING_TYPES.map((type) => [type, has(thinkingTypes?.some((known) => known === type))]),
      ),
    },
  };
}

/** https://ai.google.dev/api/models#Model */
export function toGemini({ id, facts }: OfferedModel): JsonObject {
  const { title, contextWindow, maxOutput, thinks, sampling } = facts;
  return {
    name: `models/${id}`,
    baseModelId: id,
    version: '1',
    displayName: title ?? id,
    ...(contextWindow === undefined ? {} : { inputTokenLimit: contextWindow }),
    ...(maxOutput === undefined ? {} : { outputTokenLimit: maxOutput }),
    supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
    ...sampling,
    ...(thinks === undefined ? {} : { thinking: thinks }),
  };
}

/** Efforts that Codex has words for. */
const CODEX_EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'];

/**
 * A model as Codex lists it, but for `base_instructions`: those are Codex's own for each model, and a list with others, or with
 * none, would take the place of them. https://github.com/openai/codex/blob/main/codex-rs/protocol/src/openai_models.rs
 */
export function toCodex({ id, facts }: OfferedModel, priority: number): JsonObject {
  const efforts = (facts.efforts ?? []).filter((effort) => CODEX_EFFORTS.includes(effort));
  return {
    slug: id,
    display_name: facts.title ?? id,
    description: null,
    ...(efforts.includes('medium') ? { default_reasoning_level: 'medium' } : {}),
    supported_reasoning_levels: efforts.map((effort) => ({ effort, description: effort })),
    shell_type: 'shell_command',
    visibility: 'list',
    supported_in_api: true,
    priority,
    upgrade: null,
    supports_reasoning_summaries: facts.thinks === true,
    support_verbosity: false,
    default_verbosity: null,
    apply_patch_tool_type: 'freeform',
    truncation_policy: { mode: 'tokens', limit: 10_000 },
    supports_parallel_tool_calls: true,
    ...(facts.contextWindow === undefined ? {} : { context_window: facts.contextWindow }),
    experimental_supported_tools: [],
    input_modalities: facts.inputs?.includes('image') === false ? ['text'] : ['text', 'image'],
  };
}
