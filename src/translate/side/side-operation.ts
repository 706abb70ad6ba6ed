import type { JsonObject } from '../../base/json.ts';
import type { Usage } from '../../base/usage.ts';
import type { Loss } from '../loss.ts';
import type { SideInput } from './side-input.ts';

/** The dialects that have more to ask than conversations, in which answers and errors are told. */
export type SideDialect = 'openai-chat' | 'gemini';

/** What servers can be asked besides conversations, by the dialect whose reference describes it. */
export const SIDE_RESOURCES = {
  embeddings: 'openai-chat',
  images: 'openai-chat',
  'image-edits': 'openai-chat',
  'image-variations': 'openai-chat',
  transcriptions: 'openai-chat',
  translations: 'openai-chat',
  speech: 'openai-chat',
  moderations: 'openai-chat',
  'embed-content': 'gemini',
  'batch-embed-contents': 'gemini',
  'generate-content': 'gemini',
} as const satisfies { readonly [resource: string]: SideDialect };
export type SideResource = keyof typeof SIDE_RESOURCES;

/** What clients ask for; each is a resource of its own dialect as well. */
export type SideOperationId = Exclude<SideResource, 'generate-content'>;

/** One thing that clients ask for besides conversations. */
export interface SideOperation {
  readonly id: SideOperationId;
  /** What it is called in messages: `embeddings`. */
  readonly title: string;
  readonly dialect: SideDialect;
  /** The model that the dialect's reference gives when a request names none. Absent: it must name one. */
  readonly defaultModel?: string;
  /** How an upstream of the other dialect is asked. Absent: the bytes pass or it is not served. */
  readonly foreign?: ForeignSide;
}

/** The way to ask an upstream of another dialect. */
export interface ForeignSide {
  readonly resource: SideResource;
  /** Makes the upstream's requests. Throws `invalid-request` and `translation-refused`. */
  translate(input: SideInput, model: string): SideTranslation;
}

/** What is sent to an upstream of another dialect, and how its answers are read. */
export interface SideTranslation {
  /** Sent at the same time; the answers come in the same order. */
  readonly requests: readonly JsonObject[];
  readonly losses: readonly Loss[];
  /** Makes the client's answer. Throws the error that a good status may hold. */
  decode(answers: readonly JsonObject[], context: SideContext): SideAnswer;
}

/** What an answer depends on beside the upstream's. */
export interface SideContext {
  /** The name the client asked for. */
  readonly model: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** An answer for a client. */
export interface SideAnswer {
  readonly body: string;
  readonly contentType: string;
  readonly usage?: Usage;
}

/** An answer in JSON. */
export function jsonAnswer(body: JsonObject, usage?: Usage): SideAnswer {
  return { body: JSON.stringify(body), contentType: 'application/json', ...(usage === undefined ? {} : { usage }) };
}

/** An answer told as a stream of events, each of whose data names its type. */
export function eventAnswer(events: readonly JsonObject[], usage?: Usage): SideAnswer {
  const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  return { body, contentType: 'text/event-stream; charset=utf-8', ...(usage === undefined ? {} : { usage }) };
}
