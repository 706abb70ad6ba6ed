import { GatewayError } from '../../base/gateway-error.ts';
import { parseJsonObject } from '../../base/json.ts';
import { DIALECT_IDS, type DialectId } from '../dialect-id.ts';
import { type TranslatedText, type TranslationJob, translateText } from '../translate-text.ts';
import { echoAnswer } from './echo-answer.ts';
import { type ReadRecorded, readClientRequest, readRecording } from './recording.ts';
import { SCENARIOS, type Scenario, UPSTREAMS, type UpstreamDialect } from './scenario.ts';

/** One place of the matrix. */
export interface Place {
  readonly scenario: Scenario;
  readonly client: DialectId;
  readonly upstream: UpstreamDialect;
}

/** What was to be translated, and what came of it: a text and what it lost, or why it was refused. */
export type Outcome = { readonly job: TranslationJob } & (TranslatedText | { readonly refused: GatewayError });

/** Everything that passes between one client and one upstream in one scenario. */
export interface Cell {
  /** The client's request as the upstream gets it. */
  readonly request?: Outcome;
  readonly whole?: Outcome;
  readonly stream?: Outcome;
  readonly error?: Outcome;
  /** The client's next request, with the whole answer echoed, as the upstream gets it. */
  readonly next?: Outcome;
}

/** The moment of every translation here. */
const NOW = Date.UTC(2026, 10, 22, 12);

/** Models of the upstreams where a scenario names none. */
const USUAL_MODEL: { readonly [U in UpstreamDialect]: string } = {
  'openai-chat': 'gpt-5.2',
  'openai-responses': 'gpt-5.2',
  'anthropic-messages': 'claude-sonnet-4-5',
  gemini: 'gemini-2.5-flash',
};

/** Every place whose client and upstream have a dialect of their own. */
export function listPlaces(): Place[] {
  return SCENARIOS.flatMap((scenario) =>
    DIALECT_IDS.flatMap((client) =>
      UPSTREAMS.filter((upstream) => upstream !== client).map((upstream) => ({ scenario, client, upstream })),
    ),
  );
}

/** Translates everything there is at a place; an empty cell where either side has nothing to say. */
export function makeCell(place: Place, read: ReadRecorded): Cell {
  const { scenario, client, upstream } = place;
  const answers = readRecording(read, scenario, upstream);
  const asked = readClientRequest(read, scenario, client);
  const cell: { -readonly [K in keyof Cell]: Cell[K] } = {};
  if (asked !== undefined) {
    const model = answers.about?.model ?? USUAL_MODEL[upstream];
    const isAsked = scenario.pieces.includes('request') && (scenario.asks === undefined || answers.about !== undefined);
    const sent = { kind: 'request', from: client, to: upstream, model } as const;
    const answer = { from: upstream, to: client, request: asked.body, model: asked.model };
    if (isAsked) cell.request = translate({ ...sent, body: asked.body });
    if (answers.whole !== undefined) cell.whole = translate({ ...answer, kind: 'response', body: answers.whole });
    if (answers.stream !== undefined) cell.stream = translate({ ...answer, kind: 'stream', body: answers.stream });
    if (scenario.echoes && cell.whole !== undefined && 'output' in cell.whole) {
      const next = echoAnswer(client, parseJsonObject(asked.body), parseJsonObject(cell.whole.output));
      cell.next = translate({ ...sent, body: JSON.stringify(next) });
    }
  }
  if (answers.error !== undefined) {
    const { status = 500, headers = {} } = answers.about!;
    cell.error = translate({ kind: 'error', from: upstream, to: client, body: answers.error, status, headers });
  }
  return cell;
}

function translate(job: TranslationJob): Outcome {
  try {
    return { job, ...translateText(job, NOW) };
  } catch (thrown) {
    if (thrown instanceof GatewayError && thrown.kind !== 'internal') return { job, refused: thrown };
    throw thrown;
  }
}
