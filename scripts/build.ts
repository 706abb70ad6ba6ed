import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };

/** Every system a release is built for, by the ending of its file. */
const RELEASE_TARGETS = {
  'linux-x64': 'bun-linux-x64',
  'linux-arm64': 'bun-linux-arm64',
  'linux-x64-musl': 'bun-linux-x64-musl',
  'linux-arm64-musl': 'bun-linux-arm64-musl',
  'macos-x64': 'bun-darwin-x64',
  'macos-arm64': 'bun-darwin-arm64',
  'windows-x64.exe': 'bun-windows-x64',
} as const;

const root = join(import.meta.dir, '..');

/** Builds one executable with assets and migrations inside. */
async function build(outfile: string, target?: string): Promise<void> {
  const result = await Bun.build({
    entrypoints: [join(root, 'src/server.ts')],
    target: 'bun',
    format: 'esm',
    bytecode: true,
    sourcemap: 'none',
    // Elysia reads its handlers' source text, so identifiers stay as they are
    minify: { whitespace: true, syntax: true, identifiers: false },
    define: { 'process.env.NODE_ENV': '"production"', TRIVIUM_VERSION: JSON.stringify(manifest.version) },
    compile: {
      outfile,
      ...(target === undefined ? {} : { target }),
      assets: [join(root, 'public'), join(root, 'src/store/migrations'), join(root, 'test/recordings')],
      // a file in the folder the program is started in must not change what it does
      autoloadDotenv: false,
      autoloadBunfig: false,
    },
  } as Bun.BuildConfig);
  for (const message of result.logs) console.error(message);
  if (!result.success) throw new Error(`building ${outfile} failed`);
}

const dist = join(root, 'dist');
mkdirSync(dist, { recursive: true });
if (process.argv.includes('--all')) {
  for (const [ending, target] of Object.entries(RELEASE_TARGETS)) {
    const outfile = join(dist, `trivium-${ending}`);
    await build(outfile, target);
    console.log(outfile);
  }
} else {
  const name = process.platform === 'win32' ? 'trivium.exe' : 'trivium';
  // whoever starts the executable meanwhile gets the old one or the new one, never half of it
  const fresh = join(dist, 'fresh', name);
  await build(fresh);
  renameSync(fresh, join(dist, name));
  console.log(join(dist, name));
  rmSync(join(dist, 'fresh'), { recursive: true });
}
