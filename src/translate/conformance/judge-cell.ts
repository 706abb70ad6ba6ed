import type { DialectId } from '../dialect-id.ts';
import { type Cell, makeCell, type Outcome, type Place } from './make-cell.ts';
import { findOtherMeaning } from './read-meaning.ts';
import { findScenario, type ReadRecorded, supportedPieces } from './recording.ts';
import { SCENARIOS, type Scenario, UPSTREAMS, type UpstreamDialect } from './scenario.ts';

/** What becomes of one scenario between one client and one upstream. */
export type Verdict =
  /** The client speaks the upstream's own dialect: its bytes pass. */
  | { readonly state: 'passes' }
  | { readonly state: 'ok' }
  /** It works, and these codes name what the upstream's or the client's dialect cannot carry. */
  | { readonly state: 'losses'; readonly codes: readonly string[] }
  /** The request is refused before any upstream is asked; `kind` is the kind of error. */
  | { readonly state: 'refused'; readonly kind: string }
  /** The scenario does not exist between these two. */
  | { readonly state: 'none'; readonly why: string }
  | { readonly state: 'failed'; readonly why: string };

/** What a client of one dialect gets of one scenario, by the upstream's dialect. */
export interface ConformanceRow {
  readonly scenario: string;
  readonly shows: string;
  readonly verdicts: { readonly [U in UpstreamDialect]: Verdict };
}

/** Runs every scenario for clients of one dialect. It takes some tenths of a second. */
export function judgeClient(client: DialectId, read: ReadRecorded): ConformanceRow[] {
  return SCENARIOS.map((scenario) => {
    const verdicts = UPSTREAMS.map((upstream) => [upstream, judgePlace({ scenario, client, upstream }, read)]);
    return { scenario: scenario.name, shows: scenario.shows, verdicts: Object.fromEntries(verdicts) };
  });
}

/** Runs one scenario between one client and one upstream. Never throws: a fault is a verdict. */
function judgePlace(place: Place, read: ReadRecorded): Verdict {
  if (place.client === place.upstream) return judgePassing(place);
  try {
    const cell = makeCell(place, read);
    return Object.keys(cell).length === 0 ? { state: 'none', why: reasonOf(place) } : judgeCell(cell);
  } catch (thrown) {
    return { state: 'failed', why: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** The verdict in a few words, as all tables have it. */
export function spellVerdict(verdict: Verdict): string {
  switch (verdict.state) {
    case 'losses':
      return `ok, losses: ${verdict.codes.join(', ')}`;
    case 'refused':
      return `refused: ${verdict.kind}`;
    case 'failed':
      return `failed: ${verdict.why}`;
    case 'none':
      return '–';
    default:
      return verdict.state;
  }
}

function judgeCell(cell: Cell): Verdict {
  const outcomes = Object.entries(cell) as [keyof Cell, Outcome][];
  for (const [piece, outcome] of outcomes) {
    const { job } = outcome;
    if (job.kind !== 'response' && job.kind !== 'stream') continue;
    const other = findOtherMeaning(job, 'output' in outcome ? outcome.output : undefined);
    if (other !== undefined) return { state: 'failed', why: `${piece}: ${other}` };
  }
  if (cell.request !== undefined && 'refused' in cell.request)
    return { state: 'refused', kind: cell.request.refused.kind };
  if (cell.next !== undefined && 'refused' in cell.next) {
    return { state: 'failed', why: `the client's next request: ${cell.next.refused.message}` };
  }
  const codes = outcomes.flatMap(([, outcome]) =>
    'losses' in outcome ? outcome.losses.map(({ field }) => field) : [],
  );
  return codes.length === 0 ? { state: 'ok' } : { state: 'losses', codes: [...new Set(codes)] };
}

function judgePassing(place: Place): Verdict {
  const isThere = supportedPieces(place.scenario, place.upstream).length > 0;
  return isThere ? { state: 'passes' } : { state: 'none', why: reasonOf(place) };
}

/** Why nothing passes: one of the two has no such thing. */
function reasonOf({ scenario, client, upstream }: Place): string {
  const asked = scenario.asks === undefined ? [] : [findScenario(scenario.asks)];
  const words = [scenario, ...asked].flatMap((one) => [wordsFor(one, client), wordsFor(one, upstream)]);
  return words.find((why) => why !== undefined) ?? 'Nobody has written down what this would be.';
}

function wordsFor({ unsupported }: Scenario, dialect: DialectId): string | undefined {
  const reason = unsupported?.[dialect];
  return typeof reason === 'string' ? reason : reason?.why;
}
