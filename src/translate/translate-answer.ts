import { asObjects, type JsonObject, parseJsonObject } from '../base/json.ts';
import { maskError } from '../base/mask-text.ts';
import type { CanonicalEvent } from './canonical/event.ts';
import { keepEventLaw, settleFinish } from './canonical/event-law.ts';
import { replay } from './canonical/replay.ts';
import type { CanonicalRequest } from './canonical/request.ts';
import type { CanonicalResponse, Finish } from './canonical/response.ts';
import { cutAtStop, cutAtStopIn } from './cut-at-stop.ts';
import type { AnswerContext, ClientCodec, Dialect, UpstreamCodec } from './dialect.ts';
import { fillUsage, lengthOf } from './fill-usage.ts';
import { fitEvent, fitResponse, type ToldLosses, tellMediaLoss } from './fit-answer.ts';
import { joinTurns, type OnPause, PAUSE_LOSS } from './join-turns.ts';
import { answerNames } from './prepare-request.ts';
import { restoreTools, restoreToolsIn } from './restore-tools.ts';
import { type AnswerSink, joinChoices, openChoices, splitChoices } from './several-choices.ts';
import { splitThinkTags, splitThinkTagsIn } from './split-think-tags.ts';
import type { SseFrame } from './stream/sse.ts';
import { chain, type Emit, runAll, type Sink, type Transducer } from './stream/transducer.ts';
import type { TargetTraits } from './target.ts';
import { blameDepth, refuseDepth } from './too-deep.ts';
import type { ToolNames } from './tool-names.ts';
import { type SealWatch, watchParts, watchSteps } from './watch-step.ts';

/** The two sides of one answer: who gave it, and for whom it is. */
export interface AnswerRoute {
  readonly upstream: Dialect;
  readonly client: Dialect;
  readonly context: AnswerContext;
  readonly traits: TargetTraits;
  /** The name the target knew its model by; names of tools depend on it. */
  readonly targetModel: string;
  /** What becomes of the seals in it. Absent: they are no one's in particular. */
  readonly seals?: SealWatch;
  /** Who asks for the rest of an answer that its upstream paused. Absent: nobody does. */
  readonly onPause?: OnPause;
}

/** Decodes a whole answer of an upstream into the hub form, its calls under the client's own names. */
export function decodeAnswer(route: AnswerRoute, body: JsonObject): CanonicalResponse {
  const codec = route.upstream.upstream!;
  const decoded = decodeWhole(codec, body, route.context);
  const parts = route.traits.quirks.thinkTags === true ? splitThinkTagsIn(decoded.parts) : decoded.parts;
  const calls = parts.filter((part) => part.type === 'tool-call').length;
  const settled = { ...decoded, parts, finish: settleFinish(decoded.finish, calls) };
  const restored = restoreToolsIn(settled, namesOf(route));
  const stops = emulatedStops(route);
  const cut = stops === undefined ? restored : cutAtStopIn(restored, stops);
  return route.seals === undefined ? cut : { ...cut, parts: watchParts(route.seals, cut.parts) };
}

function decodeWhole(codec: UpstreamCodec, body: JsonObject, context: AnswerContext): CanonicalResponse {
  try {
    return codec.decodeResponse(body, context);
  } catch (thrown) {
    throw blameDepth(thrown);
  }
}

/** A whole answer for a client, with what it was made of. */
export interface TranslatedAnswer {
  readonly body: JsonObject;
  /** The answer in the hub form; of several choices the first, with the losses of all. */
  readonly response: CanonicalResponse;
}

/** Translates a whole answer. Throws the error that a 200 body may hold. */
export function translateAnswer(route: AnswerRoute, body: JsonObject): TranslatedAnswer {
  const several = choicesOf(route);
  if (several === undefined) return encodeAnswer(route, decodeAnswer(route, body));
  const responses = splitChoices(body, several.upstream).map((alone) => decodeAnswer(route, alone));
  const encoded = responses.map((response) => encodeAnswer(route, response));
  return {
    body: joinChoices(
      encoded.map(({ body: alone }) => alone),
      several.client,
    ),
    response: { ...encoded[0]!.response, losses: encoded.flatMap(({ response }) => response.losses) },
  };
}

/** Encodes a whole answer for the client; `response` is what of it the client is told, with what was lost on the way. */
export function encodeAnswer(route: AnswerRoute, given: CanonicalResponse): TranslatedAnswer {
  const codec = route.client.client!;
  const whole = endsInPause(route, given.finish) ? { ...given, losses: [...given.losses, PAUSE_LOSS] } : given;
  const fit = fitResponse(whole, codec);
  const usage = fillUsage(fit.usage, route.context, lengthOf(fit.parts));
  const response = usage === fit.usage || usage === undefined ? fit : { ...fit, usage };
  return { body: codec.encodeResponse(response, route.context), response };
}

/** Where both dialects keep choices, when the request asked for several and both have them. */
function choicesOf({ upstream, client, context }: AnswerRoute) {
  if ((context.request.sampling.n ?? 1) < 2 || upstream.choices === undefined || client.choices === undefined) {
    return undefined;
  }
  return { upstream: upstream.choices, client: client.choices };
}

/** Where several choices of a whole answer stand that is told as a stream; of a request that passes nobody has read how many it wants. */
function givenChoices(route: AnswerRoute, body: JsonObject) {
  const { upstream, client } = route;
  if (upstream.id !== client.id || upstream.choices === undefined || client.choices === undefined) {
    return choicesOf(route);
  }
  const isSeveral = asObjects(body[upstream.choices.list]).length > 1;
  return isSeveral ? { upstream: upstream.choices, client: client.choices } : undefined;
}

/** The frames that would have told a whole answer; `observe` sees every canonical event. Throws the error that a 200 body may hold. */
export function replayAnswer(
  route: AnswerRoute,
  body: JsonObject,
  observe: (event: CanonicalEvent) => void,
): readonly SseFrame[] {
  const encode = encodeAnswerStream(route, observe);
  const several = givenChoices(route, body);
  if (several === undefined) return runAll(encode, replay(decodeAnswer(route, body)));
  const decode: Transducer<SseFrame, CanonicalEvent> = (emit) => ({
    push: ({ data }) => replay(decodeAnswer(route, parseJsonObject(data))).forEach(emit),
    finish: () => undefined,
  });
  return runAll((emit) => openChoices({ decode, encode, ...several }, emit), [{ data: JSON.stringify(body) }]);
}

/** Decodes the frames of an upstream into lawful canonical events, calls under the client's own names. */
export function decodeAnswerStream(route: AnswerRoute): Transducer<SseFrame, CanonicalEvent> {
  return chain(route.upstream.upstream!.decodeStream(route.context), mendAnswerStream(route));
}

/** What happens to an upstream's events before they are encoded: order, names, the end at a stop sequence, and the origin of seals. */
function mendAnswerStream(route: AnswerRoute): Transducer<CanonicalEvent, CanonicalEvent> {
  const named = chain(keepEventLaw, restoreTools(namesOf(route)));
  const lawful = route.traits.quirks.thinkTags === true ? chain(splitThinkTags, named) : named;
  const stops = emulatedStops(route);
  const cut = stops === undefined ? lawful : chain(lawful, cutAtStop(stops));
  return route.seals === undefined ? cut : chain(cut, watchSteps(route.seals));
}

/** The stop sequences at which the gateway itself ends the answer; `undefined` where the upstream does. */
function emulatedStops({ upstream, context, targetModel, traits }: AnswerRoute): readonly string[] | undefined {
  const stops = context.request.sampling.stop?.filter((stop) => stop !== '');
  if (stops === undefined || stops.length === 0) return undefined;
  return upstream.upstream!.rules(targetModel, traits).stops === false ? stops : undefined;
}

/** Translates the frames of a stream; `observe` sees every canonical event on its way. */
export function translateAnswerStream(
  route: AnswerRoute,
  observe: (event: CanonicalEvent) => void = () => {},
): Transducer<SseFrame, SseFrame> {
  return (emit) => openAnswer(route, emit, observe);
}

/** Begins to translate a stream, that may also be told that its connection broke. */
export function openAnswer(
  route: AnswerRoute,
  emit: Emit<SseFrame>,
  observe: (event: CanonicalEvent) => void,
): AnswerSink {
  return refuseDepth(openParts(route, emit, observe));
}

function openParts(route: AnswerRoute, emit: Emit<SseFrame>, observe: (event: CanonicalEvent) => void): AnswerSink {
  const encode = encodeAnswerStream(route, observe);
  const several = choicesOf(route);
  if (several !== undefined) return openChoices({ decode: decodeAnswerStream(route), encode, ...several }, emit);
  if (route.onPause !== undefined) return openTurns(route, encode(emit), route.onPause);
  const events = chain(mendAnswerStream(route), encode)(emit);
  const frames = route.upstream.upstream!.decodeStream(route.context)((event) => events.push(event));
  return {
    push: (frame) => frames.push(frame),
    finish: () => {
      frames.finish();
      events.finish();
    },
    fail: (error) => {
      events.push({ type: 'stream-error', error });
      events.finish();
    },
  };
}

function openTurns(route: AnswerRoute, encoder: Sink<CanonicalEvent>, onPause: OnPause): AnswerSink {
  const turns = joinTurns((event) => encoder.push(event), onPause);
  const open = () => decodeAnswerStream(route)((event) => turns.push(event));
  let frames = open();
  const end = () => {
    turns.finish();
    encoder.finish();
  };
  return {
    push: (frame) => frames.push(frame),
    nextTurn: () => {
      turns.nextTurn();
      frames = open();
    },
    finish: () => {
      frames.finish();
      end();
    },
    fail: (error) => {
      turns.push({ type: 'stream-error', error });
      end();
    },
  };
}

/** Encodes canonical events for the client; `observe` sees each of them first. */
export function encodeAnswerStream(
  route: AnswerRoute,
  observe: (event: CanonicalEvent) => void = () => {},
): Transducer<CanonicalEvent, SseFrame> {
  const codec = route.client.client!;
  const encode = codec.encodeStream(route.context);
  return (emit) => {
    const telling: Telling = { codec, context: route.context, lost: new Set(), length: 0 };
    const encoder = encode(emit);
    const tell = (event: CanonicalEvent) => {
      observe(event);
      encoder.push(event);
    };
    return {
      push: (event) => {
        if (event.type === 'message-end' && endsInPause(route, event.finish)) tell({ type: 'loss', loss: PAUSE_LOSS });
        if (event.type === 'media') {
          const lost = tellMediaLoss(event.part, codec, telling.lost);
          if (lost !== undefined) tell(lost);
        }
        const told = tellable(telling, event);
        if (told !== undefined) tell(told);
      },
      finish: () => encoder.finish(),
    };
  };
}

/** True for an end that only the upstream's own clients understand: they go on themselves. */
function endsInPause({ upstream, client }: AnswerRoute, finish: Finish): boolean {
  return finish.reason === 'pause' && upstream.id !== client.id;
}

interface Telling {
  readonly codec: ClientCodec;
  readonly context: AnswerContext;
  readonly lost: ToldLosses;
  /** The length of what was said, thought and called so far. */
  length: number;
}

/** An event as it is told: errors without secrets, usage with figures, and nothing that the client cannot be told. */
function tellable(telling: Telling, event: CanonicalEvent): CanonicalEvent | undefined {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
    case 'tool-call-delta':
      telling.length += event.text.length;
      return event;
    case 'citation':
    case 'opaque':
      return fitEvent(event, telling.codec, telling.lost);
    case 'stream-error':
      return { ...event, error: maskError(event.error) };
    case 'message-end': {
      const usage = fillUsage(event.usage, telling.context, telling.length);
      return usage === event.usage || usage === undefined ? event : { ...event, usage };
    }
    default:
      return event;
  }
}

/** The names that lead the answer's calls back to the client's own. */
function namesOf(route: AnswerRoute): ToolNames {
  const request: CanonicalRequest = { ...route.context.request, model: route.targetModel };
  return answerNames(route.upstream.upstream!, request, route.upstream.id, route.traits);
}
