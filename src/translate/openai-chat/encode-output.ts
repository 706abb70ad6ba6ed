import type { JsonDraft, JsonObject } from '../../base/json.ts';
import type { OutputFormat } from '../canonical/request.ts';
import { approximated } from '../loss.ts';
import { fitsOpenaiStrict } from '../schema/for-openai-strict.ts';
import { objectOutput } from '../schema/output-root.ts';
import { openingText } from './encode-messages.ts';
import type { Encoding } from './encoding.ts';

/** The form an answer shall have: fields of the request, and an instruction where fields are not enough. */
export interface OutputFields {
  readonly fields: JsonObject;
  readonly instruction?: string;
}

/** Encodes the wish for an answer in a certain form. */
export function encodeOutput(encoding: Encoding): OutputFields {
  const { output } = encoding.request;
  if (output === undefined) return { fields: {} };
  if (output.kind === 'json') return encodeJson(encoding);
  return encoding.quirks.outputSchema === false ? promptSchema(output, encoding) : encodeSchema(output, encoding);
}

/** JSON mode is refused unless the prompt speaks of JSON. */
function encodeJson(encoding: Encoding): OutputFields {
  const fields = { response_format: { type: 'json_object' } };
  if (/json/i.test(openingText(encoding))) return { fields };
  encoding.losses.push(
    approximated('json-prompted', 'The target wants the prompt to speak of JSON; a sentence was added.'),
  );
  return { fields, instruction: 'Answer with one JSON object and nothing else.' };
}

type SchemaOutput = Exclude<OutputFormat, { kind: 'json' }>;

function encodeSchema(output: SchemaOutput, encoding: Encoding): OutputFields {
  const schema = schemaOf(output);
  const definition: JsonDraft = { name: nameOf(output), schema };
  if (output.kind === 'choice') definition.strict = true;
  else {
    if (output.description !== undefined) definition.description = output.description;
    const fits = output.strict !== true || fitsOpenaiStrict(schema);
    if (!fits) encoding.losses.push(approximated('strict', 'The target cannot hold this schema strictly.'));
    if (output.strict !== undefined) definition.strict = output.strict && fits;
  }
  return { fields: { response_format: { type: 'json_schema', json_schema: definition } } };
}

function promptSchema(output: SchemaOutput, encoding: Encoding): OutputFields {
  encoding.losses.push(
    approximated('schema-prompted', 'The target has no output schemas; it is told the schema in words.'),
  );
  return {
    fields: { response_format: { type: 'json_object' } },
    instruction: `Answer with one JSON object that fits this JSON Schema and nothing else:\n${JSON.stringify(schemaOf(output))}`,
  };
}

function schemaOf(output: SchemaOutput) {
  return objectOutput(output.kind === 'choice' ? { type: 'string', enum: output.values } : output.schema);
}

function nameOf(output: SchemaOutput): string {
  const name = output.kind === 'choice' ? undefined : output.name;
  const clean = name?.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64);
  return clean === undefined || clean === '' ? 'response' : clean;
}
