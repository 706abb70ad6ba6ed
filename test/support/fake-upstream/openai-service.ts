import { asArray, asObject, asObjects, isObject, type Json, type JsonObject } from '../../../src/base/json.ts';
import { isSet, needObject, needString, refuse } from './refusal.ts';
import { EPOCH_S, FRONT_HEADERS, type VendorCall, type VendorError, type WireAnswer } from './vendor.ts';

/** Models that think: they refuse sampling and the old limit. */
export const REASONING_MODEL = /^(?:gpt-(?:[5-9]|\d{2})|o\d)/;

/** Those among them that do not think unless they are asked to. */
const MAY_NOT_THINK = /^gpt-(?:5\.[1-9]|[6-9])/;

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/**
 * The headers of every answer of OpenAI's services.
 * https://platform.openai.com/docs/api-reference/debugging-requests
 */
export function openAiHeaders(serial: number): { readonly [name: string]: string } {
  return {
    ...FRONT_HEADERS,
    'x-request-id': `req_${String(serial).padStart(32, '0')}`,
    'openai-organization': 'org-fake',
    'openai-processing-ms': '187',
    'openai-version': '2020-10-01',
    'x-ratelimit-limit-requests': '500',
    'x-ratelimit-limit-tokens': '200000',
    'x-ratelimit-remaining-requests': '499',
    'x-ratelimit-remaining-tokens': '199950',
    'x-ratelimit-reset-requests': '120ms',
    'x-ratelimit-reset-tokens': '15ms',
  };
}

interface ErrorWords {
  readonly message: string;
  readonly type: string;
  readonly code: string | null;
}

/** https://platform.openai.com/docs/guides/error-codes */
function wordsOf(error: VendorError): ErrorWords {
  const { status, quota, retryAfterS = 20 } = error;
  if (status === 429 && quota) {
    const message = 'You exceeded your current quota, please check your plan and billing details.';
    return { message, type: 'insufficient_quota', code: 'insufficient_quota' };
  }
  switch (status) {
    case 401:
      return {
        message: 'Incorrect API key provided: sk-t****.',
        type: 'invalid_request_error',
        code: 'invalid_api_key',
      };
    case 403: {
      const message = 'Country, region, or territory not supported';
      return { message, type: 'request_forbidden', code: 'unsupported_country_region_territory' };
    }
    case 429: {
      const limit =
        'Rate limit reached for this model in organization org-fake on requests per min (RPM): Limit 3, Used 3, Requested 1.';
      return {
        message: `${limit} Please try again in ${retryAfterS}s.`,
        type: 'requests',
        code: 'rate_limit_exceeded',
      };
    }
    case 503:
      return {
        message: 'The engine is currently overloaded, please try again later',
        type: 'server_error',
        code: null,
      };
    default: {
      const words = 'The server had an error while processing your request. Sorry about that!';
      return { message: words, type: status < 500 ? 'invalid_request_error' : 'server_error', code: null };
    }
  }
}

/** The body of an error of OpenAI's services. */
export function openAiErrorBody(error: VendorError): JsonObject {
  const words = wordsOf(error);
  return {
    error: {
      message: error.message ?? words.message,
      type: words.type,
      param: error.param ?? null,
      code: error.code ?? words.code,
    },
  };
}

/** An error as OpenAI's services tell it. */
export function openAiError(error: VendorError, serial: number): WireAnswer {
  const limited = error.status === 429 && !error.quota;
  const seconds = error.retryAfterS ?? (limited ? 20 : undefined);
  return {
    status: error.status,
    headers: {
      ...openAiHeaders(serial),
      'content-type': 'application/json',
      ...(limited ? { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': `${seconds}s` } : {}),
      ...(seconds === undefined ? {} : { 'retry-after': String(seconds), 'retry-after-ms': String(seconds * 1_000) }),
      ...(error.quota ? { 'x-should-retry': 'false' } : {}),
    },
    body: `${JSON.stringify(openAiErrorBody(error), null, 4)}\n`,
  };
}

/** https://platform.openai.com/docs/api-reference/models/list */
export function openAiModels(models: readonly string[]): string {
  const data = models.map((id) => ({ id, object: 'model', created: EPOCH_S, owned_by: 'system' }));
  return JSON.stringify({ object: 'list', data });
}

/** Refuses what both of OpenAI's dialects refuse of sampling. */
export function checkReasoningLimits(call: VendorCall): void {
  const { body, model } = call;
  const effort = body.reasoning_effort ?? asObject(body.reasoning)?.effort ?? 'none';
  if (!REASONING_MODEL.test(model) || (MAY_NOT_THINK.test(model) && effort === 'none')) return;
  for (const field of ['temperature', 'top_p']) {
    if (!isSet(body[field]) || body[field] === 1) continue;
    const message = `Unsupported parameter: '${field}' is not supported with this model.`;
    refuse(message, { param: field, code: 'unsupported_parameter' });
  }
}

/** Refuses a definition of a function that the services refuse, `place` being where it stands. */
export function checkFunction(definition: JsonObject, place: string): void {
  const name = needString(definition.name, `${place}.name`);
  if (!NAME.test(name)) {
    const message = `Invalid '${place}.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`;
    refuse(message, { param: `${place}.name`, code: 'invalid_value' });
  }
  if (!isSet(definition.parameters)) return;
  const schema = needObject(definition.parameters, `${place}.parameters`);
  if (schema.type !== 'object') {
    const message = `Invalid schema for function '${name}': schema must be a JSON Schema of 'type: "object"', got 'type: "${schema.type ?? 'None'}"'.`;
    refuse(message, { param: `${place}.parameters`, code: 'invalid_function_parameters' });
  }
  if (definition.strict === true) checkStrict(schema, `function '${name}'`);
}

/** Refuses a schema outside the subset that strict output keeps to. https://platform.openai.com/docs/guides/structured-outputs */
export function checkStrict(schema: Json | undefined, owner: string): void {
  if (!isObject(schema)) return;
  const wrong = (why: string) => refuse(`Invalid schema for ${owner}: ${why}`, { code: 'invalid_json_schema' });
  for (const keyword of ['allOf', 'oneOf', 'not', 'if', 'patternProperties', 'dependentRequired']) {
    if (schema[keyword] !== undefined) wrong(`'${keyword}' is not permitted.`);
  }
  if (isObject(schema.properties)) {
    if (schema.additionalProperties !== false)
      wrong("'additionalProperties' is required to be supplied and to be false.");
    const missing = Object.keys(schema.properties).filter((name) => !asArray(schema.required).includes(name));
    if (missing.length > 0)
      wrong(`'required' is required to include every key in properties. Missing '${missing[0]}'.`);
  }
  const inner = [
    schema.items,
    ...asObjects(schema.anyOf),
    ...Object.values(isObject(schema.properties) ? schema.properties : {}),
  ];
  for (const part of [...inner, ...Object.values(isObject(schema.$defs) ? schema.$defs : {})]) checkStrict(part, owner);
}

/** Refuses an image that is neither a link nor well-formed data. */
export function checkImageUrl(url: string, place: string): void {
  if (/^https?:\/\//.test(url)) return;
  const match = /^data:(image\/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/=]+)$/.exec(url);
  if (match !== null) return;
  refuse(`Invalid '${place}'. Expected a valid URL or a base64 image of type png, jpeg, gif or webp.`, {
    param: place,
    code: 'invalid_base64',
  });
}
