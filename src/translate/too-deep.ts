import { GatewayError } from '../base/gateway-error.ts';
import type { AnswerSink } from './several-choices.ts';

/** What was thrown, as the upstream's fault where its answer nests deeper than JSON can be written. */
export function blameDepth(thrown: unknown): unknown {
  if (!(thrown instanceof RangeError)) return thrown;
  return new GatewayError('upstream-malformed', "The upstream's answer nests deeper than it can be read.");
}

/** The same sink, which ends the answer with an error where a frame nests too deep. */
export function refuseDepth(sink: AnswerSink): AnswerSink {
  return {
    ...sink,
    push: (frame) => {
      try {
        sink.push(frame);
      } catch (thrown) {
        const blamed = blameDepth(thrown);
        if (!(blamed instanceof GatewayError)) throw thrown;
        sink.fail(blamed);
      }
    },
  };
}
