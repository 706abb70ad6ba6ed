import { plugin } from 'bun';
import fc from 'fast-check';

/** How long a test may take, in milliseconds: many times what it takes alone, since a loaded machine is no fault. */
const LIMIT_MS = 60_000;

/** Properties look at the same cases in every run, so that a run fails for a change alone. */
const SEED = 20_260;

const seed = process.env.TRIVIUM_TEST_SEED;
fc.configureGlobal({ seed: seed === 'random' ? Date.now() : Number(seed ?? SEED) });

// a limit holds for the file that sets it, and bunfig.toml has none for all
plugin({
  name: 'limit of time',
  setup: (build) => {
    build.onLoad({ filter: /\.test\.tsx?$/ }, async ({ path, loader }) => ({
      contents: `import { setDefaultTimeout as limit } from 'bun:test';limit(${LIMIT_MS});${await Bun.file(path).text()}`,
      loader,
    }));
  },
});
