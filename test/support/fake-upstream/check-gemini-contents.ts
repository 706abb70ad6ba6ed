import { asObject, asObjects, isObject, type JsonObject } from '../../../src/base/json.ts';
import { refuse } from './refusal.ts';
import type { VendorCall } from './vendor.ts';

/** Values a client may send where it has lost the proof. https://ai.google.dev/gemini-api/docs/thought-signatures */
const SENTINELS = new Set(['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go']);
const DATA_FIELDS = [
  'text',
  'inlineData',
  'inline_data',
  'fileData',
  'file_data',
  'functionCall',
  'function_call',
  'functionResponse',
  'function_response',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
];

interface Turn {
  readonly role: string;
  readonly parts: readonly JsonObject[];
}

/** Refuses contents that Gemini's service refuses: their parts, their order, and calls without responses. */
export function checkContents(call: VendorCall): void {
  const contents = asObjects(call.body.contents);
  if (contents.length === 0) refuse('* GenerateContentRequest.contents: contents is not specified');
  const turns = contents.map(readTurn);
  for (const [at, turn] of turns.entries()) checkParts(turn, at);
  const joined = joinTurns(turns);
  checkOrder(joined);
  checkProofs(joined, call);
}

/** One turn may come in several contents: the service's own library repeats a streamed one that way. */
function joinTurns(turns: readonly Turn[]): Turn[] {
  const joined: Turn[] = [];
  for (const turn of turns) {
    const before = joined.at(-1);
    if (before?.role !== turn.role || turn.role !== 'model') joined.push(turn);
    else joined[joined.length - 1] = { role: turn.role, parts: [...before.parts, ...turn.parts] };
  }
  return joined;
}

function readTurn(content: JsonObject, at: number): Turn {
  const role = content.role === undefined ? 'user' : String(content.role);
  if (!['user', 'model', 'function'].includes(role)) refuse('Please use a valid role: user, model.');
  const parts = asObjects(content.parts);
  if (parts.length === 0) refuse(`* GenerateContentRequest.contents[${at}].parts: contents.parts must not be empty.`);
  return { role, parts };
}

function checkParts({ role, parts }: Turn, at: number): void {
  for (const [index, part] of parts.entries()) {
    const place = `contents[${at}].parts[${index}]`;
    const data = DATA_FIELDS.filter((field) => part[field] !== undefined);
    if (data.length === 0 && part.thoughtSignature === undefined) {
      refuse(`* GenerateContentRequest.${place}.data: required oneof field 'data' must have one initialized field`);
    }
    if (data.length > 1)
      refuse(`Invalid value at '${place}' (oneof), oneof field 'data' is already set. Cannot set '${data[1]}'`);
    const called = callOf(part);
    if (called !== undefined) {
      if (role !== 'model') refuse(`${place}: function call parts must be in a model turn.`);
      if (typeof called.name !== 'string' || called.name === '')
        refuse(`* GenerateContentRequest.${place}.function_call.name: Name cannot be empty.`);
      if (called.args !== undefined && !isObject(called.args))
        refuse(`Invalid value at '${place}.function_call.args' (type.googleapis.com/google.protobuf.Struct)`);
    }
    const response = responseOf(part);
    if (response === undefined) continue;
    if (typeof response.name !== 'string' || response.name === '')
      refuse(`* GenerateContentRequest.${place}.function_response.name: Name cannot be empty.`);
    if (!isObject(response.response))
      refuse(`* GenerateContentRequest.${place}.function_response.response: required field is not set`);
  }
}

function checkOrder(turns: readonly Turn[]): void {
  for (const [at, turn] of turns.entries()) {
    const calls = turn.parts.filter(callOf);
    const responses = turn.parts.filter(responseOf);
    const before = turns[at - 1];
    const after = turns[at + 1];
    if (calls.length > 0 && before?.role !== 'user' && before?.role !== 'function') {
      refuse(
        'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
      );
    }
    if (responses.length > 0 && !before?.parts.some(callOf)) {
      refuse('Please ensure that function response turn comes immediately after a function call turn.');
    }
    if (calls.length > 0 && after !== undefined) checkAnswers(calls, after.parts.filter(responseOf));
  }
  const last = turns.at(-1);
  if (last?.role === 'model')
    refuse('Please ensure that single turn requests end with a user role or the role field is empty.');
}

function checkAnswers(calls: readonly JsonObject[], responses: readonly JsonObject[]): void {
  if (responses.length !== calls.length) {
    refuse(
      'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
    );
  }
  const nameOf = (part: JsonObject) => String((callOf(part) ?? responseOf(part))?.name);
  const called = calls.map(nameOf).sort();
  const answered = responses.map(nameOf).sort();
  if (called.join() !== answered.join()) {
    refuse('Please ensure that each function response has the name of the function call it answers.');
  }
}

/** Newer models demand the proof of the first call of each step since the last words of the user. */
function checkProofs(turns: readonly Turn[], { model, memory }: VendorCall): void {
  for (const { parts } of turns) {
    for (const { thoughtSignature: proof } of parts) {
      if (proof === undefined || SENTINELS.has(String(proof)) || memory.proofs.has(String(proof))) continue;
      refuse('Thought signature is not valid.');
    }
  }
  if (!/gemini-[3-9]/.test(model)) return;
  const asked = turns.findLastIndex(({ role, parts }) => role === 'user' && !parts.some(responseOf));
  for (const [at, { parts }] of turns.entries()) {
    const first = parts.find(callOf);
    if (at <= asked || first === undefined || first.thoughtSignature !== undefined) continue;
    const name = callOf(first)?.name;
    refuse(
      `Function call is missing a thought_signature in functionCall parts. Additional data, function call \`default_api:${name}\`, position ${at + 1}.`,
    );
  }
}

function callOf(part: JsonObject): JsonObject | undefined {
  return asObject(part.functionCall ?? part.function_call);
}

function responseOf(part: JsonObject): JsonObject | undefined {
  return asObject(part.functionResponse ?? part.function_response);
}
