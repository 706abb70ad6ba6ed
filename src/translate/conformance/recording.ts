import { parseJsonObject } from '../../base/json.ts';
import type { DialectId } from '../dialect-id.ts';
import { type Piece, SCENARIOS, type Scenario, type Unsupported, UPSTREAMS, type UpstreamDialect } from './scenario.ts';

/** Reads a recorded text by its path, `dialect/scenario/file`; `undefined` where there is none. */
export type ReadRecorded = (path: string) => string | undefined;

/** How a recording came about, and what of it is in no body. */
export interface About {
  /** By hand, or recorded with `scripts/record.ts`. */
  readonly made: string;
  /** Pages of the vendor that it follows. */
  readonly after: readonly string[];
  readonly date: string;
  readonly model: string;
  /** Status and headers of an error. */
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly note?: string;
}

/** What one dialect says in one scenario, as text. */
export interface ScenarioRecording {
  readonly about?: About;
  readonly request?: string;
  readonly whole?: string;
  readonly stream?: string;
  readonly error?: string;
}

const FILES: { readonly [P in Piece]: string } = {
  request: 'request.json',
  whole: 'response.json',
  stream: 'stream.sse',
  error: 'response.json',
};

/** The recording of a dialect in a scenario, borrowed pieces included. A missing file is a missing piece. */
export function readRecording(read: ReadRecorded, scenario: Scenario, dialect: DialectId): ScenarioRecording {
  const about = read(pathOf(dialect, scenario.name, 'about.json'));
  const pieces = supportedPieces(scenario, dialect).flatMap((piece): [Piece, string][] => {
    const text = read(pathOf(dialect, lenderOf(scenario, piece), FILES[piece]));
    return text === undefined ? [] : [[piece, text]];
  });
  return { ...Object.fromEntries(pieces), ...(about === undefined ? {} : { about: readAbout(about) }) };
}

/** The request a client sends in a scenario, with the model it names; `undefined` where its dialect cannot ask for such a thing. */
export function readClientRequest(
  read: ReadRecorded,
  scenario: Scenario,
  client: DialectId,
): { readonly body: string; readonly model: string } | undefined {
  const asked = scenario.asks === undefined ? scenario : findScenario(scenario.asks);
  const body = read(pathOf(client, asked.name, FILES.request));
  const about = read(pathOf(client, asked.name, 'about.json'));
  return body === undefined || about === undefined ? undefined : { body, model: readAbout(about).model };
}

/** The pieces of a scenario that a dialect has, its own or borrowed. */
export function supportedPieces(scenario: Scenario, dialect: DialectId): Piece[] {
  const reason = scenario.unsupported?.[dialect];
  const isUpstream = UPSTREAMS.includes(dialect as UpstreamDialect);
  return scenario.pieces.filter((piece) => (piece === 'request' || isUpstream) && !isExcused(reason, piece));
}

/** The files that a dialect must have of a scenario: no more, no fewer. */
export function expectedFiles(scenario: Scenario, dialect: DialectId): string[] {
  const pieces = supportedPieces(scenario, dialect);
  const own = pieces.filter((piece) => lenderOf(scenario, piece) === scenario.name).map((piece) => FILES[piece]);
  // an upstream that borrows a request still says for which of its models
  const isTarget = pieces.includes('request') && UPSTREAMS.includes(dialect as UpstreamDialect);
  return own.length > 0 || isTarget ? ['about.json', ...own].sort() : [];
}

/** A scenario by its name. */
export function findScenario(name: string): Scenario {
  const found = SCENARIOS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no scenario ${name}`);
  return found;
}

function lenderOf(scenario: Scenario, piece: Piece): string {
  return (piece === 'request' ? scenario.asks : scenario.answers) ?? scenario.name;
}

function isExcused(reason: Unsupported | undefined, piece: Piece): boolean {
  if (reason === undefined) return false;
  return typeof reason === 'string' || reason.pieces.includes(piece);
}

function pathOf(dialect: DialectId, scenario: string, file: string): string {
  return `${dialect}/${scenario}/${file}`;
}

function readAbout(text: string): About {
  return parseJsonObject(text) as unknown as About;
}
