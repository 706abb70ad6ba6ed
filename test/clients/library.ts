import { join } from 'node:path';
import { asObject, type JsonObject, parseJsonObject } from '../../src/base/json.ts';
import type { DialectId } from '../../src/translate/dialect-id.ts';
import { npmFolder } from './install.ts';

/** A library for programmers, which a small program of ours drives. */
export interface Library {
  readonly name: string;
  /** What it speaks to the gateway. */
  readonly dialect: DialectId;
  /** The words that start the program. */
  command(): readonly string[];
  /** False: it knows nothing of thoughts. */
  readonly thinks?: false;
  /** The class of the errors it raises when a stream breaks off. */
  readonly cutError: RegExp;
}

/** One conversation: every prompt is asked after the answer to the one before, with the tool's results in between. */
export interface Talk {
  readonly url: string;
  readonly model: string;
  readonly prompts: readonly string[];
  readonly stream: boolean;
  readonly tools: boolean;
  readonly thinking: boolean;
  /** A PNG in base64, shown with the first prompt. */
  readonly image?: string;
  /** What the tool tells of each city. */
  readonly results?: { readonly [city: string]: string };
}

/** What became of a conversation. */
export interface Told {
  /** The last words to each prompt. */
  readonly answers?: readonly string[];
  readonly calls?: readonly { readonly name: string; readonly args: JsonObject }[];
  /** The names of the error's class and those it is derived from. */
  readonly error?: { readonly family: readonly string[]; readonly message: string };
}

/** A program that drives a library, running. Ended by `using`. */
export interface LibraryProcess extends Disposable {
  talk(talk: Talk): Promise<Told>;
}

/** The words that start our program for libraries of the npm registry. */
export function javaScript(library: string, flavour: string): () => readonly string[] {
  return () => [process.execPath, join(import.meta.dir, 'javascript', 'converse.ts'), npmFolder(), library, flavour];
}

/** Starts the program of a library. */
export function startLibrary({ name, command }: Library): LibraryProcess {
  const child = Bun.spawn([...command()], {
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', LANG: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' },
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const lines = readLines(child.stdout);
  return {
    talk: async (talk) => {
      child.stdin.write(`${JSON.stringify(talk)}\n`);
      child.stdin.flush();
      const { value, done } = await lines.next();
      if (done) throw new Error(`the program of ${name} has ended`);
      const told = parseJsonObject(value);
      const error = asObject(told.error);
      return error === undefined
        ? (told as unknown as Told)
        : { error: error as unknown as NonNullable<Told['error']> };
    },
    [Symbol.dispose]: () => child.kill('SIGKILL'),
  };
}

async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let held = '';
  for await (const bytes of stream) {
    held += decoder.decode(bytes, { stream: true });
    const lines = held.split('\n');
    held = lines.pop()!;
    yield* lines;
  }
  return undefined;
}
