import { type ConformanceRow, judgeClient } from '../translate/conformance/judge-cell.ts';
import type { ReadRecorded } from '../translate/conformance/recording.ts';
import { UPSTREAMS } from '../translate/conformance/scenario.ts';
import { DIALECT_IDS, type DialectId } from '../translate/dialect-id.ts';

/** What this program makes of every scenario, run when it is asked for. */
export interface ConformanceAdmin {
  readonly clients: readonly DialectId[];
  readonly upstreams: readonly DialectId[];
  /** What clients of a dialect get. The first call runs the scenarios, which takes some tenths of a second. */
  rows(client: DialectId): readonly ConformanceRow[];
}

/** Makes the operation; the program does not change while it runs, so each dialect is run once. */
export function createConformanceAdmin(read: ReadRecorded): ConformanceAdmin {
  const known = new Map<DialectId, readonly ConformanceRow[]>();
  return {
    clients: DIALECT_IDS,
    upstreams: UPSTREAMS,
    rows: (client) => {
      const rows = known.get(client) ?? judgeClient(client, read);
      known.set(client, rows);
      return rows;
    },
  };
}

export { type ConformanceRow, spellVerdict, type Verdict } from '../translate/conformance/judge-cell.ts';
