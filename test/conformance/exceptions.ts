import type { JsonObject } from '../../src/base/json.ts';
import type { DialectId } from '../../src/translate/dialect-id.ts';
import type { CheckedDialect } from '../support/shared-folder.ts';
import type { Recording } from './recordings.ts';

/** An answer that was translated. */
export interface Answered {
  readonly recording: Recording;
  readonly to: DialectId;
}

/** A request of a real client. */
export interface Sent {
  readonly file: string;
  readonly dialect: CheckedDialect;
  readonly body: JsonObject;
  readonly model: string | undefined;
  readonly stream: boolean;
}

/** A finding that is no fault, and why. */
export interface Exception<Case> {
  readonly why: string;
  readonly applies: (one: Case) => boolean;
  /** Which findings it excuses. */
  readonly finding: RegExp;
}

/** What a translated answer may do otherwise than the checker expects. */
export const ANSWER_EXCEPTIONS: readonly Exception<Answered>[] = [
  {
    why: 'Sound and pictures that a dialect has no place for become a note or their transcript.',
    applies: ({ recording }) => recording.kind === 'audio-out' || recording.kind === 'image-out',
    finding: /^(text|media): /,
  },
  {
    why: 'An answer that is still to come is none yet; waiting for it is not translation.',
    applies: ({ recording }) => recording.kind === 'background',
    finding: /^throws GatewayError: .*queued/,
  },
  {
    why: 'The reason why a prompt or answer was blocked is shown as a refusal, the place that chat has for it.',
    applies: ({ recording, to }) => to === 'openai-chat' && /refusal|blocked|armor|candidates/.test(recording.kind),
    finding: /^text: "" against "/,
  },
  {
    why: 'Other dialects have no word for an unknown reason to stop, for a pause, or for a call nobody declared.',
    applies: () => true,
    finding: /^finish: ("other" against "stop"|"pause" against "stop"|"error" against "tool_calls")$/,
  },
  {
    why: 'Prompt feedback without an answer means that there will be none.',
    applies: ({ recording }) => recording.kind === 'empty-candidates',
    finding: /^finish: null against "content_filter"$/,
  },
  {
    why: 'A refusal of chat ends in a stop there; it is a filtered answer, as the checker too reads one of the Responses dialect.',
    applies: ({ recording }) => recording.kind === 'refusal' && recording.dialect === 'openai-chat',
    finding: /^finish: "stop" against "content_filter"$/,
  },
  {
    why: 'Some servers say stop, or nothing, after calls; the content settles it.',
    applies: ({ recording }) => recording.type === 'stream' && recording.kind.startsWith('tool-call'),
    finding: /^finish: ("stop"|null) against "tool_calls"$/,
  },
  {
    why: 'xAI counts its thoughts beside the output, and Azure tells more cached tokens of it than there were.',
    applies: ({ recording }) => /xai|grok/.test(recording.file),
    finding: /^usage\.(output|cached): /,
  },
  {
    why: 'This mock never finishes, and an answer without an end is not passed off as a whole one.',
    applies: ({ recording }) => recording.file.includes('streaming-success-quotes-escaped'),
    finding: /^(text|finish|error|throws)\b/,
  },
  {
    why: 'OpenRouter puts an error into a chunk with choices, where the checker does not look for one.',
    applies: ({ recording }) => recording.file.includes('openrouter-stream-error'),
    finding: /^(thinking|finish|error|throws|usage\.\w+)\b/,
  },
];

/** The same for requests. */
export const REQUEST_EXCEPTIONS: readonly Exception<{ readonly sent: Sent; readonly to: CheckedDialect }>[] = [
  {
    why: 'Several answers to one request: only chat and Gemini have them; elsewhere the request is refused.',
    applies: ({ sent }) => sent.file.includes('/multi-choice--'),
    finding: /^throws GatewayError: .*one answer/,
  },
  {
    why: 'The service itself refused this request: its messages are no objects, or hold others where text belongs.',
    applies: ({ sent }) =>
      /system--crewai-test-custom-llm-within-crew-i2|text--dd-trace-py-anthropic-completion-error/.test(sent.file),
    finding: /^throws GatewayError: 'messages\[\d\]\S*' must be/,
  },
  {
    why: 'A file that lies at one vendor cannot be read by another; the client is told which.',
    applies: ({ sent, to }) => sent.dialect !== to && /\/(file-in|image-in|file-uri-in)--/.test(sent.file),
    finding: /^throws GatewayError: .*(another provider|another vendor)/,
  },
  {
    why: 'Chat takes documents only as data, and a pure translation fetches nothing.',
    applies: ({ to }) => to === 'openai-chat',
    finding: /^throws GatewayError: This upstream takes documents only as data/,
  },
  {
    why: 'Stored prompts, compacted histories and answers in the background exist at one service; elsewhere the request is refused.',
    applies: ({ sent, to }) => sent.dialect === 'openai-responses' && to !== 'openai-responses',
    finding: /^throws GatewayError: .*(in the background|stored prompt|compaction item)/i,
  },
  {
    why: 'Sound is asked for, which only chat and Gemini answer with; an answer in writing would be another one.',
    applies: ({ sent, to }) =>
      /\/audio-out--/.test(sent.file) && (to === 'openai-responses' || to === 'anthropic-messages'),
    finding: /^throws GatewayError: .*does not answer in sound/,
  },
  {
    why: 'Cached content is a part of the prompt that lies at one service; elsewhere the request is refused.',
    applies: ({ sent, to }) => sent.dialect === 'gemini' && to !== 'gemini',
    finding: /^throws GatewayError: Cached content/,
  },
];
