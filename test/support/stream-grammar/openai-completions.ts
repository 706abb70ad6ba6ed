import { asObject, asObjects, asString, isObject, type JsonObject } from '../../../src/base/json.ts';
import { chatUsage } from './openai-chat.ts';
import type { Blame, StreamReader, Told, ToldUsage } from './told.ts';

/** Reads a stream of legacy completions: text, one finish, the usage where it was asked for, `[DONE]`. */
export function readCompletionStream(blame: Blame, asksUsage: boolean): StreamReader {
  let text = '';
  let finish: string | undefined;
  let usage: ToldUsage | undefined;
  let isDone = false;
  let failed = false;
  const readChunk = (data: JsonObject) => {
    if (data.object !== 'text_completion' || !asString(data.id)) blame('a chunk without object or id');
    const [choice] = asObjects(data.choices);
    if (choice === undefined) {
      if (!asksUsage || finish === undefined) blame('usage that was not asked for, or before the finish');
      if (usage !== undefined) blame('a second usage');
      usage = chatUsage(asObject(data.usage));
      return;
    }
    if (finish !== undefined) blame('a choice after the finish');
    if (choice.index !== 0 || typeof choice.text !== 'string') blame('a choice without index 0 or text');
    text += asString(choice.text) ?? '';
    finish = asString(choice.finish_reason);
  };
  return {
    read: ({ data }) => {
      if (isDone || failed) blame('something follows the end');
      if (data === undefined) isDone = true;
      else if (isObject(data.error)) failed = true;
      else readChunk(data);
    },
    end: () => {
      if (!failed && !isDone) blame('no [DONE]');
      if (!failed && finish === undefined) blame('no finish');
      if (!failed && asksUsage && usage === undefined) blame('no usage');
      return tell({ text, failed, finish, usage });
    },
  };
}

/** What a whole legacy completion tells. */
export function tellCompletion(answer: JsonObject): Told {
  const [choice] = asObjects(answer.choices);
  const usage = chatUsage(asObject(answer.usage));
  return tell({ text: asString(choice?.text) ?? '', failed: false, finish: asString(choice?.finish_reason), usage });
}

function tell(said: {
  readonly text: string;
  readonly failed: boolean;
  readonly finish: string | undefined;
  readonly usage: ToldUsage | undefined;
}): Told {
  const { text, failed, finish, usage } = said;
  return {
    text,
    thoughts: '',
    calls: [],
    failed,
    ...(finish === undefined ? {} : { finish }),
    ...(usage === undefined ? {} : { usage }),
  };
}
