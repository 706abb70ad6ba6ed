import type { CanonicalEvent } from '../../src/translate/canonical/event.ts';

type Block = 'text' | 'reasoning' | 'tool-call';

/** What a list of events breaks of the law written at `CanonicalEvent`; nothing when it is lawful. */
export function findUnlawful(events: readonly CanonicalEvent[]): string[] {
  const faults: string[] = [];
  let open: Block | undefined;
  let started = false;
  let ended = false;
  let calls = 0;
  for (const [at, event] of events.entries()) {
    const fault = (what: string) => faults.push(`${at} ${event.type}: ${what}`);
    if (ended) fault('after the end');
    if (!started && event.type !== 'message-start' && !(event.type === 'stream-error' && at === 0))
      fault('before the start');
    switch (event.type) {
      case 'message-start':
        if (started) fault('a second start');
        started = true;
        break;
      case 'text-start':
      case 'reasoning-start':
      case 'tool-call-start':
        if (open !== undefined) fault(`inside a ${open} block`);
        open = event.type.slice(0, -'-start'.length) as Block;
        if (open === 'tool-call') calls++;
        break;
      case 'text-delta':
      case 'reasoning-delta':
      case 'tool-call-delta':
        if (!event.type.startsWith(`${open}-`)) fault(`inside ${open ?? 'no'} block`);
        if (event.text === '') fault('empty');
        break;
      case 'text-end':
      case 'reasoning-end':
      case 'tool-call-end':
        if (event.type !== `${open}-end`) fault(`ends ${open ?? 'no'} block`);
        open = undefined;
        break;
      case 'media':
      case 'opaque':
        if (open !== undefined) fault(`inside a ${open} block`);
        break;
      case 'citation':
        if (open !== 'text') fault(`inside ${open ?? 'no'} block`);
        break;
      case 'loss':
      case 'logprobs':
        break;
      case 'message-end':
        if (open !== undefined) fault(`inside a ${open} block`);
        if (event.finish.reason === 'tool-calls' && calls === 0) fault('finish says calls, there are none');
        if (event.finish.reason === 'stop' && event.finish.stopSequence === undefined && calls > 0) {
          fault('finish says stop, there are calls');
        }
        ended = true;
        break;
      case 'stream-error':
        if (open !== undefined) fault(`inside a ${open} block`);
        ended = true;
        break;
      default:
        event satisfies never;
    }
  }
  if (!ended) faults.push('no end');
  return faults;
}
