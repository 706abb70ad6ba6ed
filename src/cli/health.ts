import type { Settings } from '../config/settings.ts';
import { EXIT } from './exit.ts';
import type { Terminal } from './translate.ts';

/** `trivium health`: whether the gateway at the configured address answers. */
export async function runHealth(
  settings: Settings,
  terminal: Terminal,
  ask: (url: string, headers: { readonly [name: string]: string }) => Promise<Response>,
): Promise<number> {
  const url = `http://127.0.0.1:${settings.port}/healthz`;
  const key = settings.api_key?.reveal();
  try {
    const response = await ask(url, key === undefined ? {} : { 'x-api-key': key });
    const text = await response.text();
    if (response.ok) {
      await terminal.write(`${text}\n`);
      return EXIT.fine;
    }
    terminal.tell(`${url} answers ${response.status}: ${text}`);
  } catch (thrown) {
    terminal.tell(`${url} does not answer: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
  return EXIT.failed;
}
