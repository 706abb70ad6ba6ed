import type { JsonDraft, JsonObject } from '../../base/json.ts';
import { lookUp } from '../../base/look-up.ts';

/** What one of Gemini's two schema forms can say. */
export interface GeminiForm {
  /** True: the JSON Schema form, with references, lists of types and open objects. */
  readonly references: boolean;
  /** False: a schema without a type is refused. */
  readonly typeless: boolean;
  /** Keywords taken as they are. */
  readonly keep: readonly string[];
  /** Counts that travel as text. */
  readonly keepAsText: readonly string[];
  /** Keywords that only the description can tell. */
  readonly hints: readonly string[];
  /** True: numbers may be listed as allowed values. */
  readonly numbersInEnum: boolean;
  takesFormat(format: string, type: string | undefined): boolean;
  writeType(draft: JsonDraft, types: readonly string[], nullable: boolean): void;
  /** The schema of a value of any kind. */
  anything(lose: (code: string, reason: string) => void): JsonObject;
}

/** Constraints that neither form knows. */
const UNKNOWN_TO_BOTH: readonly string[] = [
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'uniqueItems',
  'not',
  'patternProperties',
  'propertyNames',
  'contains',
  'minContains',
  'maxContains',
];

/** https://ai.google.dev/api/generate-content#FIELDS.response_json_schema lists the keywords. */
export const GEMINI_JSON: GeminiForm = {
  references: true,
  typeless: true,
  keep: ['title', 'minimum', 'maximum', 'minItems', 'maxItems', 'propertyOrdering', '$id', '$anchor'],
  keepAsText: [],
  hints: ['pattern', 'minLength', 'maxLength', 'minProperties', 'maxProperties', 'default', ...UNKNOWN_TO_BOTH],
  numbersInEnum: true,
  takesFormat: () => true,
  writeType: (draft, types, nullable) => {
    const all = nullable && types.length > 0 ? [...types, 'null'] : types;
    if (all.length > 0) draft.type = all.length === 1 ? all[0]! : all;
  },
  anything: () => ({}),
};

const SUBSET_FORMATS: { readonly [type: string]: readonly string[] | undefined } = {
  string: ['enum', 'date-time'],
  number: ['float', 'double'],
  integer: ['int32', 'int64'],
};

/** https://ai.google.dev/api/caching#Schema */
export const GEMINI_SUBSET: GeminiForm = {
  references: false,
  typeless: false,
  keep: ['title', 'minimum', 'maximum', 'pattern', 'default', 'example', 'propertyOrdering'],
  keepAsText: ['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties'],
  hints: UNKNOWN_TO_BOTH,
  numbersInEnum: false,
  takesFormat: (format, type) => type !== undefined && (lookUp(SUBSET_FORMATS, type)?.includes(format) ?? false),
  writeType: (draft, types, nullable) => {
    if (types.length > 0) draft.type = types[0]!.toUpperCase();
    if (nullable) draft.nullable = true;
  },
  anything: (lose) => {
    lose('schema-any', 'A value of any kind is asked for as text.');
    return { type: 'STRING', description: 'Any value, as JSON.' };
  },
};
