import { asArray, asObject, asObjects, asString, type JsonObject } from '../../src/base/json.ts';
import type { CheckedDialect } from '../support/shared-folder.ts';

/** What a request breaks of the order that services demand and no schema can say. */
export function findDisorder(dialect: CheckedDialect, body: JsonObject): string[] {
  switch (dialect) {
    case 'openai-chat':
      return checkChat(asObjects(body.messages));
    case 'openai-responses':
      return checkResponses(asObjects(body.input));
    case 'anthropic-messages':
      return checkAnthropic(asObjects(body.messages));
    case 'gemini':
      return checkGemini(asObjects(body.contents));
    default:
      return dialect satisfies never;
  }
}

function checkChat(messages: readonly JsonObject[]): string[] {
  const faults: string[] = [];
  let open: string[] = [];
  for (const [at, message] of messages.entries()) {
    const id = asString(message.tool_call_id) ?? '';
    if (message.role === 'tool') {
      if (!open.includes(id)) faults.push(`message ${at} answers ${id}, which is not open`);
      open = open.filter((one) => one !== id);
      continue;
    }
    if (open.length > 0) faults.push(`message ${at} stands before the results of ${open.join()}`);
    open = asObjects(message.tool_calls).map((call) => asString(call.id) ?? '');
    if (new Set(open).size < open.length) faults.push(`message ${at} calls one id twice`);
  }
  return open.length > 0 ? [...faults, `no results of ${open.join()}`] : faults;
}

function checkResponses(items: readonly JsonObject[]): string[] {
  const typed = (pattern: RegExp) => items.filter((item) => pattern.test(asString(item.type) ?? ''));
  const calls = typed(/^(function|custom_tool)_call$/).map((item) => asString(item.call_id) ?? '');
  const outputs = typed(/^(function|custom_tool)_call_output$/).map((item) => asString(item.call_id) ?? '');
  return [
    ...(new Set(calls).size < calls.length ? ['an id is called twice'] : []),
    ...calls.filter((id) => !outputs.includes(id)).map((id) => `no output of ${id}`),
    ...outputs.filter((id) => !calls.includes(id)).map((id) => `an output of ${id}, which is no call`),
  ];
}

function checkAnthropic(messages: readonly JsonObject[]): string[] {
  const faults = messages[0]?.role === 'user' ? [] : ['the first message is not the user’s'];
  let open: string[] = [];
  for (const [at, message] of messages.entries()) {
    const blocks = asObjects(message.content);
    const results = blocks
      .filter((block) => block.type === 'tool_result')
      .map((block) => asString(block.tool_use_id) ?? '');
    if (results.join() !== open.join()) faults.push(`message ${at} holds results of ${results}, wanted are ${open}`);
    if (blocks.slice(0, results.length).some((block) => block.type !== 'tool_result')) {
      faults.push(`message ${at} does not begin with its results`);
    }
    if (blocks.some((block) => block.type === 'text' && asString(block.text)?.trim() === ''))
      faults.push(`message ${at} has an empty text`);
    if (asArray(message.content).length === 0 && !asString(message.content)?.trim())
      faults.push(`message ${at} is empty`);
    if (message.role === messages[at - 1]?.role && message.role !== 'system')
      faults.push(`message ${at} repeats the role`);
    open = blocks.filter((block) => block.type === 'tool_use').map((block) => asString(block.id) ?? '');
  }
  return open.length > 0 ? [...faults, `no results of ${open.join()}`] : faults;
}

function checkGemini(contents: readonly JsonObject[]): string[] {
  const faults = contents[0]?.role === 'user' ? [] : ['the first content is not the user’s'];
  const namesOf = (content: JsonObject | undefined, field: string) =>
    asObjects(content?.parts).flatMap((part) => asString(asObject(part[field])?.name) ?? []);
  for (const [at, content] of contents.entries()) {
    if (content.role === contents[at - 1]?.role) faults.push(`content ${at} repeats the role`);
    if (asArray(content.parts).length === 0) faults.push(`content ${at} has no parts`);
    const wanted = namesOf(contents[at - 1], 'functionCall').join();
    const given = namesOf(content, 'functionResponse').join();
    if (wanted !== given) faults.push(`content ${at} answers [${given}], wanted is [${wanted}]`);
  }
  return namesOf(contents.at(-1), 'functionCall').length > 0 ? [...faults, 'the last calls have no answers'] : faults;
}
