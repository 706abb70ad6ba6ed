import { expect, test } from 'bun:test';
import { silentLog } from '../../../src/base/log.ts';
import type { TokenRatio } from '../../../src/relay/counting/token-ratios.ts';
import { createTokenRatioStore } from '../../../src/store/token-ratios.ts';
import { handClock, openIn, withFolder } from '../../support/temporary-store.ts';

const ratio: TokenRatio = { model: 'm', dialect: 'gemini', mean: -1.25, variance: 0.5, count: 3 };

test('ratios outlive a restart, the last of each model and dialect', () =>
  withFolder((folder) => {
    const first = openIn(folder);
    const store = createTokenRatioStore({ database: first, clock: handClock(), log: silentLog });
    store.save(ratio);
    store.save({ ...ratio, dialect: 'openai-chat' });
    store.save({ ...ratio, mean: -1.5, count: 4 });
    store.flush();
    first.close();
    const again = openIn(folder);
    const read = createTokenRatioStore({ database: again, clock: handClock(), log: silentLog }).readAll();
    again.close();
    expect(read).toHaveLength(2);
    expect(read).toContainEqual({ ...ratio, mean: -1.5, count: 4 });
  }));
