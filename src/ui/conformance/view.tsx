/** @jsxImportSource preact */
import { type ConformanceRow, spellVerdict, type Verdict } from '../../admin/conformance.ts';
import type { Texts } from '../locales/en.ts';

/** Everything the page shows. */
export interface ConformanceView {
  readonly texts: Texts;
  /** The dialect whose clients the table is about. */
  readonly client: string;
  readonly clients: readonly string[];
  readonly upstreams: readonly string[];
  readonly rows: readonly ConformanceRow[];
}

/** The table of one dialect's clients: a row for each scenario, a column for each upstream's dialect. */
export function ConformancePage({ view }: { readonly view: ConformanceView }) {
  const words = view.texts.conformance;
  return (
    <div id="page">
      <h1>{words.heading}</h1>
      <p>
        {words.explanation} <code>trivium doctor --conformance</code>
      </p>
      <nav class="choices" aria-label={words.client}>
        <span>{words.client}</span>
        {view.clients.map((client) => (
          <a
            key={client}
            href={`/ui/conformance?client=${client}`}
            aria-current={client === view.client ? 'page' : undefined}
          >
            {client}
          </a>
        ))}
      </nav>
      <p>{words.summary(countStates(view.rows))}</p>
      <Table view={view} />
    </div>
  );
}

function Table({ view }: { readonly view: ConformanceView }) {
  const words = view.texts.conformance;
  return (
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">{words.scenario}</th>
          {view.upstreams.map((upstream) => (
            <th key={upstream} scope="col">
              {words.upstream} {upstream}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {view.rows.map((row) => (
          <tr key={row.scenario}>
            <th scope="row">
              {row.scenario}
              <small>{row.shows}</small>
            </th>
            {Object.entries(row.verdicts).map(([upstream, verdict]) => (
              <td key={upstream} data-label={upstream}>
                <VerdictCell verdict={verdict} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const TONES: { readonly [S in Verdict['state']]: string } = {
  passes: 'good',
  ok: 'good',
  losses: 'warn',
  refused: 'warn',
  none: 'quiet',
  failed: 'bad',
};

function VerdictCell({ verdict }: { readonly verdict: Verdict }) {
  const why = verdict.state === 'none' ? <small>{verdict.why}</small> : null;
  return (
    <div>
      <span class={TONES[verdict.state]}>{spellVerdict(verdict)}</span>
      {why}
    </div>
  );
}

function countStates(rows: readonly ConformanceRow[]) {
  const states = rows.flatMap(({ verdicts }) => Object.values(verdicts).map(({ state }) => state));
  const count = (...wanted: Verdict['state'][]) => states.filter((state) => wanted.includes(state)).length;
  return { ok: count('ok', 'passes'), losses: count('losses'), refused: count('refused'), failed: count('failed') };
}
