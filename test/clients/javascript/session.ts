import type { JsonObject } from '../../../src/base/json.ts';

/** A conversation with a library that runs tools by itself. */
export interface Session {
  ask(prompt: string, image: string | undefined): Promise<{ readonly text: string; readonly calls: readonly Call[] }>;
}

/** A call that was made. */
export interface Call {
  readonly name: string;
  readonly args: JsonObject;
}

/** The one tool that is offered. */
export const TOOL = {
  name: 'get_weather',
  description: 'Tells the weather of a city.',
  schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
} as const;

/** Loads a package of the folder where the clients are installed. */
export async function load(name: string) {
  return await import(Bun.resolveSync(name, `${process.argv[2]}/package.json`));
}
