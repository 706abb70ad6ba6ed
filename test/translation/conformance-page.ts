import { join } from 'node:path';
import {
  type ConformanceRow,
  judgeClient,
  spellVerdict,
  type Verdict,
} from '../../src/translate/conformance/judge-cell.ts';
import { UPSTREAMS } from '../../src/translate/conformance/scenario.ts';
import { DIALECT_IDS } from '../../src/translate/dialect-id.ts';
import { readRecorded } from '../support/scenario-recording.ts';

/** Where the page lies that `writeConformance` writes. */
export const CONFORMANCE_FILE = join(import.meta.dir, '..', '..', 'docs', 'conformance.md');

const HEAD = `# Conformance

What becomes of each scenario between a client of one dialect and an upstream of another. Written by \`bun run scripts/golden.ts\`, which runs
every scenario in \`src/translate/conformance/\` with the recordings in \`test/recordings/\`; \`test/translation/\` holds this page, the golden files and the
code equal. The program shows the same: \`trivium doctor --conformance\`, and \`/ui/conformance\`.

- \`passes\`: both speak the same dialect, and the bytes pass.
- \`ok\`: request, whole answer, stream and error, as far as the scenario has them, mean the same on both sides.
- \`ok, losses\`: the same, and these codes name what could not be carried: [dialects.md](dialects.md).
- \`refused\`: the request cannot be carried at all, and the client is told so with this kind of error: [failures.md](failures.md).
- \`–\`: there is no such thing between these two; below each table stands why.
`;

/** The page as it should be now. */
export function writeConformance(): string {
  return `${HEAD}${DIALECT_IDS.map((client) => writeClient(client, judgeClient(client, readRecorded))).join('')}`;
}

function writeClient(client: string, rows: readonly ConformanceRow[]): string {
  const columns = UPSTREAMS.map((upstream) => ` ${upstream} |`).join('');
  const lines = rows.map((row) => {
    const cells = UPSTREAMS.map((upstream) => ` ${writeVerdict(row.verdicts[upstream])} |`).join('');
    return `| ${row.scenario} |${cells}`;
  });
  const head = `\n## Clients of ${client}\n\n| scenario |${columns}\n|---|${'---|'.repeat(UPSTREAMS.length)}`;
  return [head, ...lines, '', ...listReasons(rows), ''].join('\n');
}

function writeVerdict(verdict: Verdict): string {
  if (verdict.state !== 'losses') return spellVerdict(verdict);
  return `ok, losses: ${verdict.codes.map((code) => `\`${code}\``).join(', ')}`;
}

function listReasons(rows: readonly ConformanceRow[]): string[] {
  return rows.flatMap(({ scenario, verdicts }) => {
    const whys = Object.values(verdicts).flatMap((verdict) => (verdict.state === 'none' ? [verdict.why] : []));
    return whys.length === 0 ? [] : [`- ${scenario}: ${[...new Set(whys)].join(' ')}`];
  });
}
