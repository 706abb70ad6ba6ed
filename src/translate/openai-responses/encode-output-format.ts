import type { JsonObject } from '../../base/json.ts';
import type { OutputFormat } from '../canonical/request.ts';
import { approximated } from '../loss.ts';
import { objectOutput } from '../schema/output-root.ts';
import { isStrict } from './encode-tools.ts';
import type { Encoding } from './encoding.ts';

/** The form an answer shall have: a field of the request, and an instruction where the field is not enough. */
export interface OutputWish {
  readonly text?: JsonObject;
  readonly instruction?: string;
}

/** Encodes `text`: the form of the answer and its verbosity. */
export function encodeOutputFormat(encoding: Encoding): OutputWish {
  const { output, verbosity } = encoding.request;
  const { format, instruction } = output === undefined ? {} : encodeFormat(output, encoding);
  if (format === undefined && verbosity === undefined) return {};
  const text = { ...(format === undefined ? {} : { format }), ...(verbosity === undefined ? {} : { verbosity }) };
  return { text, ...(instruction === undefined ? {} : { instruction }) };
}

interface FormatWish {
  readonly format?: JsonObject;
  readonly instruction?: string;
}

function encodeFormat(output: OutputFormat, encoding: Encoding): FormatWish {
  if (output.kind === 'json') return encodeJson(encoding);
  if (encoding.quirks.outputSchema === false) return promptSchema(output, encoding);
  if (output.kind === 'choice') {
    return { format: { type: 'json_schema', name: 'choice', schema: schemaOf(output), strict: true } };
  }
  const schema = schemaOf(output);
  return {
    format: {
      type: 'json_schema',
      name: nameOf(output.name),
      schema,
      ...(output.description === undefined ? {} : { description: output.description }),
      ...(output.strict === undefined ? {} : { strict: isStrict(output.strict, schema, encoding) }),
    },
  };
}

/** JSON mode is refused unless the prompt speaks of JSON. */
function encodeJson(encoding: Encoding): FormatWish {
  const format = { type: 'json_object' };
  if (/json/i.test(openingText(encoding))) return { format };
  const reason = 'The target wants the prompt to speak of JSON; a sentence was added.';
  encoding.losses.push(approximated('json-prompted', reason));
  return { format, instruction: 'Answer with one JSON object and nothing else.' };
}

// what stands at the beginning is the same on every turn, and so is then what is added
function openingText({ request }: Encoding): string {
  const first = request.messages.find((message) => message.role === 'user');
  const parts = [...request.system.flatMap((instruction) => instruction.parts), ...(first?.parts ?? [])];
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}

function promptSchema(output: Exclude<OutputFormat, { kind: 'json' }>, encoding: Encoding): FormatWish {
  const reason = 'The target has no output schemas; it is told the schema in words.';
  encoding.losses.push(approximated('schema-prompted', reason));
  const schema = schemaOf(output);
  const demand = 'Answer with one JSON object that fits this JSON Schema and nothing else:';
  return { format: { type: 'json_object' }, instruction: `${demand}\n${JSON.stringify(schema)}` };
}

function schemaOf(output: Exclude<OutputFormat, { kind: 'json' }>): JsonObject {
  return objectOutput(output.kind === 'choice' ? { type: 'string', enum: output.values } : output.schema);
}

function nameOf(name: string | undefined): string {
  return name?.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64) || 'response';
}
