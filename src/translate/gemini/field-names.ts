import { isObject, type Json, type JsonDraft, type JsonObject } from '../../base/json.ts';

/** Fields of the dialect that have more than one word, as protobuf spells them; JSON of it may use either spelling. */
const PROTO_NAMES = new Set([
  'generate_content_request',
  'system_instruction',
  'generation_config',
  'tool_config',
  'safety_settings',
  'cached_content',
  'service_tier',
  'model_armor_config',
  'prompt_template_name',
  'response_template_name',
  'continuation_token',
  'inline_data',
  'file_data',
  'mime_type',
  'display_name',
  'file_uri',
  'function_call',
  'function_response',
  'partial_args',
  'will_continue',
  'thought_signature',
  'executable_code',
  'code_execution_result',
  'tool_call',
  'tool_response',
  'tool_type',
  'video_metadata',
  'start_offset',
  'end_offset',
  'media_resolution',
  'part_metadata',
  'function_declarations',
  'parameters_json_schema',
  'response_json_schema',
  'response_schema',
  'google_search',
  'google_search_retrieval',
  'dynamic_retrieval_config',
  'dynamic_threshold',
  'enterprise_web_search',
  'code_execution',
  'url_context',
  'file_search',
  'file_search_store_names',
  'google_maps',
  'computer_use',
  'mcp_servers',
  'function_calling_config',
  'allowed_function_names',
  'stream_function_call_arguments',
  'retrieval_config',
  'include_server_side_tool_invocations',
  'top_p',
  'top_k',
  'max_output_tokens',
  'candidate_count',
  'stop_sequences',
  'presence_penalty',
  'frequency_penalty',
  'response_logprobs',
  'response_mime_type',
  'response_modalities',
  'response_format',
  'speech_config',
  'voice_config',
  'prebuilt_voice_config',
  'voice_name',
  'language_code',
  'image_config',
  'aspect_ratio',
  'image_size',
  'audio_timestamp',
  'routing_config',
  'thinking_config',
  'include_thoughts',
  'thinking_budget',
  'thinking_level',
]);

/** Fields whose values are the user's own data, or schemas with a spelling of their own: nothing in them is touched. */
const OWN_DATA = new Set([
  'args',
  'response',
  'parameters',
  'parametersJsonSchema',
  'responseSchema',
  'responseJsonSchema',
  '_responseJsonSchema',
  'responseFormat',
  'labels',
  'partMetadata',
]);

/** The body with its fields in camel case; the same object when there is nothing to change. */
export function useCamelCase(body: JsonObject): JsonObject {
  let draft: JsonDraft | undefined;
  for (const [key, value] of Object.entries(body)) {
    const name = PROTO_NAMES.has(key) ? toCamelCase(key) : key;
    const changed = value === undefined || OWN_DATA.has(name) ? value : changeValue(value);
    if (name === key && changed === value) continue;
    draft ??= { ...body };
    if (name !== key) delete draft[key];
    if (name === key || body[name] === undefined) draft[name] = changed;
  }
  return draft ?? body;
}

function changeValue(value: Json): Json {
  if (isObject(value)) return useCamelCase(value);
  if (!Array.isArray(value)) return value;
  const changed = value.map((item: Json) => changeValue(item));
  return changed.some((item, index) => item !== value[index]) ? changed : value;
}

function toCamelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
