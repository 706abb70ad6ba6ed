import { asObject, asObjects, asString, isObject, type JsonObject } from '../../../src/base/json.ts';
import type { Blame, ReadFrame, StreamReader, Told, ToldUsage } from './told.ts';

interface Said {
  readonly parts: readonly JsonObject[];
  readonly finish?: string;
  readonly usage?: ToldUsage;
  readonly failed: boolean;
}

interface State {
  readonly blame: Blame;
  readonly parts: JsonObject[];
  first?: JsonObject;
  finish?: string;
  usage?: ToldUsage;
  isBlocked: boolean;
  failed: boolean;
}

/** What a part may be, beside being a thought and having a signature. */
const DATA = ['text', 'functionCall', 'inlineData', 'fileData', 'executableCode', 'codeExecutionResult'];

/** Reads a stream of whole answers, each with the parts that are new; the last has the reason to stop and the counts. */
export function readGeminiStream(blame: Blame): StreamReader {
  const state: State = { blame, parts: [], isBlocked: false, failed: false };
  return { read: (frame) => readFrame(state, frame), end: () => endStream(state) };
}

function readFrame(state: State, { data }: ReadFrame): void {
  const { blame } = state;
  if (state.finish !== undefined || state.failed || state.isBlocked) blame('something follows the end');
  if (data === undefined) {
    blame('a [DONE], which this dialect does not have');
    return;
  }
  if (isObject(data.error)) {
    if (typeof data.error.code !== 'number') blame('an error whose code is no number');
    state.failed = true;
    return;
  }
  state.first ??= data;
  for (const field of ['modelVersion', 'responseId']) {
    if (!asString(data[field]) || data[field] !== state.first[field]) blame(`${field} is not the same in all`);
  }
  state.isBlocked = isObject(data.promptFeedback);
  state.usage = readUsage(asObject(data.usageMetadata)) ?? state.usage!;
  const [candidate, ...others] = asObjects(data.candidates);
  if (others.length > 0) blame('more than one candidate');
  if (candidate !== undefined) readCandidate(state, candidate);
  else if (!state.isBlocked) blame('no candidate');
}

function readCandidate(state: State, candidate: JsonObject): void {
  const content = asObject(candidate.content);
  if (candidate.index !== 0) state.blame('a candidate without index 0');
  if (content !== undefined && content.role !== 'model') state.blame('a content that is not the model’s');
  for (const part of asObjects(content?.parts)) {
    checkPart(state, part);
    state.parts.push(part);
  }
  const finish = asString(candidate.finishReason);
  if (finish !== undefined) state.finish = finish;
}

function checkPart({ blame }: State, part: JsonObject): void {
  const kinds = Object.keys(part).filter((key) => key !== 'thought' && key !== 'thoughtSignature');
  if (kinds.length !== 1 || !DATA.includes(kinds[0]!)) blame(`a part of [${kinds}]`);
  const call = asObject(part.functionCall);
  if (call !== undefined && !(asString(call.name) && isObject(call.args))) blame('a call without name or arguments');
}

function endStream(state: State): Told {
  if (!state.failed && state.finish === undefined && !state.isBlocked) state.blame('no reason to stop');
  if (!state.failed && state.usage === undefined) state.blame('no counts');
  return tell(state);
}

/** What a whole answer tells. */
export function tellGemini(answer: JsonObject): Told {
  const [candidate] = asObjects(answer.candidates);
  const finish = asString(candidate?.finishReason);
  const usage = readUsage(asObject(answer.usageMetadata));
  return tell({
    parts: asObjects(asObject(candidate?.content)?.parts),
    failed: false,
    ...(finish === undefined ? {} : { finish }),
    ...(usage === undefined ? {} : { usage }),
  });
}

function tell({ parts, failed, finish, usage }: Said): Told {
  const texts = (isThought: boolean) =>
    parts.filter(({ thought }) => (thought === true) === isThought).map(({ text }) => asString(text) ?? '');
  return {
    text: texts(false).join(''),
    thoughts: texts(true).join(''),
    calls: parts
      .map(({ functionCall }) => asObject(functionCall))
      .filter((call) => call !== undefined)
      .map(({ name, args }) => ({ name: asString(name) ?? '', args: JSON.stringify(args) })),
    failed,
    ...(finish === undefined ? {} : { finish }),
    ...(usage === undefined ? {} : { usage }),
  };
}

/** Gemini counts thoughts beside the answer. */
function readUsage(usage: JsonObject | undefined): ToldUsage | undefined {
  if (usage === undefined) return undefined;
  const count = (field: string) => Number(usage[field] ?? 0);
  return {
    input: count('promptTokenCount') + count('toolUsePromptTokenCount'),
    cached: count('cachedContentTokenCount'),
    output: count('candidatesTokenCount') + count('thoughtsTokenCount'),
  };
}
