import { type RawSettings, resolveSettings } from '../config/resolve.ts';
import { SETTING_KEYS, showSetting } from '../config/settings.ts';
import { EXIT } from './exit.ts';
import type { Terminal } from './translate.ts';

/** `trivium config`: every setting, its value and where it came from; secrets hidden. */
export async function runConfig(
  input: { readonly flags: RawSettings; readonly stored: RawSettings; readonly json: boolean },
  terminal: Terminal,
): Promise<number> {
  const { values, sources, ignored } = resolveSettings({ flags: input.flags, stored: input.stored });
  const rows = SETTING_KEYS.map((key) => ({ key, value: showSetting(key, values[key]), source: sources[key] }));
  for (const sentence of ignored) terminal.tell(sentence);
  if (input.json) {
    await terminal.write(`${JSON.stringify(rows, undefined, 2)}\n`);
    return EXIT.fine;
  }
  const keyWidth = Math.max(...rows.map((row) => row.key.length));
  const lines = rows.map(({ key, value, source }) => {
    const shown = value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
    return `${key.padEnd(keyWidth)}  ${source.padEnd(11)}  ${shown}`;
  });
  await terminal.write(`${lines.join('\n')}\n`);
  return EXIT.fine;
}
