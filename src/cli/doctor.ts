import { judgeClient, spellVerdict, type Verdict } from '../translate/conformance/judge-cell.ts';
import type { ReadRecorded } from '../translate/conformance/recording.ts';
import { DIALECT_IDS, type DialectId } from '../translate/dialect-id.ts';
import { EXIT } from './exit.ts';
import type { Terminal } from './translate.ts';

/** One line of what `trivium doctor --conformance` tells. */
interface Line {
  readonly client: DialectId;
  readonly upstream: string;
  readonly scenario: string;
  readonly verdict: Verdict;
}

/** `trivium doctor --conformance`: runs every scenario through every pair of dialects in this program. Fails when one of them does. */
export async function runConformance(json: boolean, terminal: Terminal, read: ReadRecorded): Promise<number> {
  const lines = DIALECT_IDS.flatMap((client) => linesFor(client, read));
  await terminal.write(json ? `${JSON.stringify(lines, undefined, 2)}\n` : spellLines(lines));
  const failed = countOf(lines, 'failed');
  terminal.tell(
    `${lines.length} cells: ${countOf(lines, 'passes')} pass unchanged, ${countOf(lines, 'ok')} ok, ` +
      `${countOf(lines, 'losses')} ok with losses, ${countOf(lines, 'refused')} refused, ` +
      `${countOf(lines, 'none')} without such a scenario, ${failed} failed`,
  );
  return failed === 0 ? EXIT.fine : EXIT.failed;
}

function linesFor(client: DialectId, read: ReadRecorded): Line[] {
  return judgeClient(client, read).flatMap(({ scenario, verdicts }) =>
    Object.entries(verdicts).map(([upstream, verdict]) => ({ client, upstream, scenario, verdict })),
  );
}

/** Every line names its client and upstream, so that `grep` finds them. */
function spellLines(lines: readonly Line[]): string {
  const rows = lines.map((line) => [line.client, line.upstream, line.scenario, spellVerdict(line.verdict)]);
  const table = [['client', 'upstream', 'scenario', 'what becomes of it'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]!.length)) + 2);
  return table.map((row) => `${row.map((word, at) => word.padEnd(widths[at] ?? 0)).join('')}\n`).join('');
}

function countOf(lines: readonly Line[], state: Verdict['state']): number {
  return lines.filter(({ verdict }) => verdict.state === state).length;
}
