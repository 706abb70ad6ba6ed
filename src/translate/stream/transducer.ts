/** Takes the next output of a stage. */
export type Emit<Out> = (output: Out) => void;

/** A running stage: takes inputs, and is told once that there are no more. */
export interface Sink<In> {
  push(input: In): void;
  finish(): void;
}

/**
 * A synchronous stage of a stream. Started with the function that takes its outputs, so that a chain of stages is a chain of
 * plain calls: nothing is allocated for an event that passes.
 */
export type Transducer<In, Out> = (emit: Emit<Out>) => Sink<In>;

/** Joins two stages; the end of the first ends the second. */
export function chain<A, B, C>(first: Transducer<A, B>, second: Transducer<B, C>): Transducer<A, C> {
  return (emit) => {
    const tail = second(emit);
    const head = first((value) => tail.push(value));
    return {
      push: (input) => head.push(input),
      finish: () => {
        head.finish();
        tail.finish();
      },
    };
  };
}

/** Runs a stage over inputs that are all there. */
export function runAll<In, Out>(stage: Transducer<In, Out>, inputs: Iterable<In>): Out[] {
  const outputs: Out[] = [];
  const sink = stage((output) => outputs.push(output));
  for (const input of inputs) sink.push(input);
  sink.finish();
  return outputs;
}
