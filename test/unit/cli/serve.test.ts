import { describe, expect, test } from 'bun:test';
import { type RunningGateway, runServe } from '../../../src/cli/serve.ts';
import { handTerminal } from '../../support/hand-terminal.ts';

const GATEWAY: Omit<RunningGateway, 'stop'> = {
  version: '1.2.3',
  url: 'http://127.0.0.1:8045',
  uiUrl: 'http://localhost:8045/ui',
  lanUrls: ['http://192.168.1.7:8045'],
  accounts: 4,
  dataFolder: '/data/trivium',
  notes: ['port: "many" (stored) is not allowed.'],
};

describe('a gateway that is served', () => {
  test('says where it is, and stops by a signal', async () => {
    const terminal = handTerminal();
    let stopped = 0;
    const stop = async () => void stopped++;
    const signals = ['SIGINT', 'SIGTERM'] as const;
    const before = signals.map((signal): readonly unknown[] => process.listeners(signal));
    const serving = runServe(async () => ({ ...GATEWAY, stop }), terminal);
    await new Promise((resolve) => setImmediate(resolve));
    const said = terminal.told.join('\n');
    for (const word of [
      '1.2.3',
      GATEWAY.url,
      GATEWAY.uiUrl,
      GATEWAY.lanUrls[0]!,
      '4',
      GATEWAY.dataFolder,
      GATEWAY.notes[0]!,
    ]) {
      expect(said).toContain(word);
    }
    expect(stopped).toBe(0);
    const added = process.listeners('SIGTERM').filter((listener) => !before[1]!.includes(listener));
    expect(added).toHaveLength(1);
    (added[0] as unknown as () => void)();
    expect(await serving).toBe(0);
    expect(stopped).toBe(1);
    for (const [at, signal] of signals.entries()) {
      for (const listener of process.listeners(signal))
        if (!before[at]!.includes(listener)) process.off(signal, listener as () => void);
    }
  });

  test('that cannot start says why by what it throws', async () => {
    const fault = new Error('cannot listen');
    const serving = runServe(async () => {
      throw fault;
    }, handTerminal());
    expect(await serving.catch((thrown) => thrown)).toBe(fault);
  });
});
