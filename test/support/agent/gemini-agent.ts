import { asObject, asObjects, type JsonObject, parseJsonObject } from '../../../src/base/json.ts';
import { type AgentClient, type AgentResult, EDIT_SCHEMA, PIXEL, READ_SCHEMA, type TakenCall } from './agent-client.ts';
import { dataOf } from './read-frames.ts';

const TOOLS = [
  { name: 'read_file', description: 'Reads.', parametersJsonSchema: READ_SCHEMA },
  { name: 'fs.edit:now', description: 'Edits.', parametersJsonSchema: EDIT_SCHEMA },
  { name: 'ask_team', description: 'Asks.' },
] as const;

/** A client of Gemini's dialect as its own command line is: it gives ids to calls that have none, and leaves out what was thought. */
export function geminiAgent(): AgentClient {
  const contents: JsonObject[] = [];
  let minted = 0;
  return {
    dialect: 'gemini',
    tools: TOOLS.map(({ name }) => name),
    body: () => ({
      contents,
      systemInstruction: { role: 'user', parts: [{ text: 'You are a careful engineer.' }] },
      tools: [{ functionDeclarations: TOOLS }],
      generationConfig: {
        temperature: 1,
        topP: 0.95,
        topK: 64,
        thinkingConfig: { includeThoughts: true, thinkingLevel: 'HIGH' },
      },
    }),
    take: (stream) => {
      const parts = readParts(stream).map((part): JsonObject => {
        const call = asObject(part.functionCall);
        return call === undefined || call.id !== undefined
          ? part
          : { ...part, functionCall: { ...call, id: `${call.name}_${1_790_000_000_000 + minted++}_0` } };
      });
      contents.push({ role: 'model', parts });
      return { text: parts.map(({ text }) => text ?? '').join(''), calls: parts.flatMap(readCall) };
    },
    giveResults: (results, words) => {
      const said = words === undefined ? [] : [{ text: words }];
      contents.push({ role: 'user', parts: [...results.map(responseOf), ...said] });
    },
    ask: (words) => void contents.push({ role: 'user', parts: [{ text: words }] }),
  };
}

/** The parts of all chunks; texts in a row become one, and what was thought is left out. */
function readParts(stream: string): JsonObject[] {
  const kept: JsonObject[] = [];
  let finish: unknown;
  for (const frame of dataOf(stream)) {
    const chunk = parseJsonObject(frame);
    if (chunk.error !== undefined) throw new Error(`an error in the stream: ${frame}`);
    const candidate = asObjects(chunk.candidates)[0];
    finish = candidate?.finishReason ?? finish;
    for (const part of asObjects(asObject(candidate?.content)?.parts)) {
      const before = kept.at(-1);
      if (part.thought === true) continue;
      if (isPlain(part) && before !== undefined && isPlain(before))
        kept[kept.length - 1] = { text: `${before.text}${part.text}` };
      else kept.push(part);
    }
  }
  if (finish !== 'STOP') throw new Error(`the stream ends with ${finish}`);
  return kept;
}

function isPlain(part: JsonObject): boolean {
  return typeof part.text === 'string' && part.thoughtSignature === undefined;
}

function readCall(part: JsonObject): TakenCall[] {
  const call = asObject(part.functionCall);
  return call === undefined ? [] : [{ id: String(call.id), name: String(call.name), args: call.args ?? {} }];
}

function responseOf({ call, text, failed, image }: AgentResult): JsonObject {
  const response = failed ? { error: text } : { output: text };
  const parts = image ? { parts: [{ inlineData: { mimeType: 'image/png', data: PIXEL } }] } : {};
  return { functionResponse: { id: call.id, name: call.name, response, ...parts } };
}
