import type { Talk } from '../library.ts';
import type { Call, Session } from './session.ts';
import { openAiSdk } from './use-ai-sdk.ts';
import { openOpenAiAgents } from './use-openai-agents.ts';

const LIBRARIES: { readonly [name: string]: (talk: Talk, flavour: string) => Promise<Session> } = {
  'ai-sdk': openAiSdk,
  'openai-agents': openOpenAiAgents,
};

async function converse(talk: Talk): Promise<object> {
  const [library = '', flavour = ''] = process.argv.slice(3);
  const answers: string[] = [];
  const calls: Call[] = [];
  const session = await LIBRARIES[library]!(talk, flavour);
  for (const [at, prompt] of talk.prompts.entries()) {
    const said = await session.ask(prompt, at === 0 ? talk.image : undefined);
    answers.push(said.text);
    calls.push(...said.calls);
  }
  return { answers, calls };
}

function tellError(thrown: unknown): object {
  const family: string[] = [];
  for (let one: unknown = thrown; one instanceof Object && one !== Object.prototype; one = Object.getPrototypeOf(one)) {
    family.push(`${(one as { name?: unknown }).name}`, one.constructor.name);
  }
  const { message = String(thrown), stack = '' } = thrown as { message?: string; stack?: string };
  return { error: { family, message, trace: stack } };
}

if (import.meta.main) {
  for await (const line of console) {
    const told = await converse(JSON.parse(line) as Talk).catch(tellError);
    process.stdout.write(`${JSON.stringify(told)}\n`);
  }
}
