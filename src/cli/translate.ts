import { readFile } from 'node:fs/promises';
import type { Clock } from '../base/clock.ts';
import { GatewayError, toGatewayError } from '../base/gateway-error.ts';
import { isObject, parseJsonObject, tryParseJson } from '../base/json.ts';
import { refuseLosses, type TranslationJob, translateText } from '../translate/translate-text.ts';
import { readJob } from '../translate/translation-job.ts';
import type { TranslateOptions } from './command-line.ts';
import { EXIT } from './exit.ts';

/** Standard input and output as the commands use them. */
export interface Terminal {
  readAll(): Promise<string>;
  lines(): AsyncIterable<string>;
  /** Data, without a line end of its own. */
  write(text: string): void | Promise<void>;
  /** A line for people, to standard error. */
  tell(line: string): void;
}

/** `trivium translate`: one text in, one text out; losses to standard error, one JSON object a line. */
export async function runTranslate(options: TranslateOptions, terminal: Terminal, clock: Clock): Promise<number> {
  const { strict, request: file, ...rest } = options;
  try {
    const request = file === undefined ? {} : { request: await readFile(file, 'utf8') };
    const body = await terminal.readAll();
    const { output, losses } = translateText({ ...rest, ...request, body } satisfies TranslationJob, clock.now());
    for (const loss of losses) terminal.tell(JSON.stringify(loss));
    if (strict) refuseLosses(losses);
    await terminal.write(output.endsWith('\n') ? output : `${output}\n`);
    return EXIT.fine;
  } catch (thrown) {
    const error = describeFault(thrown);
    terminal.tell(error.message);
    return error.kind === 'translation-refused' ? EXIT.refused : EXIT.failed;
  }
}

/** `trivium translate batch`: JSON lines in and out, in order; a bad line is an answer, not an end. */
export async function runTranslateBatch(strict: boolean, terminal: Terminal, clock: Clock): Promise<number> {
  for await (const line of terminal.lines()) {
    if (line.trim() === '') continue;
    await terminal.write(`${JSON.stringify(translateLine(line, strict, clock.now()))}\n`);
  }
  return EXIT.fine;
}

function translateLine(line: string, strict: boolean, now: number) {
  const id = idOf(line);
  try {
    const job = readJob(parseJsonObject(line));
    const { output, losses } = translateText(job, now);
    if (strict) refuseLosses(losses);
    return { id, ok: true, output, losses };
  } catch (thrown) {
    const error = describeFault(thrown);
    const { kind, message } = error;
    return { id, ok: false, error: { status: error.traits.status, kind, message } };
  }
}

function idOf(line: string): unknown {
  const raw = tryParseJson(line);
  return isObject(raw) ? (raw.id ?? null) : null;
}

function describeFault(thrown: unknown): GatewayError {
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') {
    return new GatewayError('invalid-request', `The file of --request cannot be read: ${thrown.message}`);
  }
  const error = toGatewayError(thrown);
  if (error.kind !== 'internal' || !(thrown instanceof Error)) return error;
  return new GatewayError('internal', `Unexpected fault: ${thrown.message}`, { cause: thrown });
}
