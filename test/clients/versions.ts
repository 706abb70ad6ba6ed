import { existsSync, readFileSync } from 'node:fs';

/** The programs for people that `bun run test:clients` drives, by the name of their npm package. */
export const PROGRAM_VERSIONS = {
  '@anthropic-ai/claude-code': '2.1.330',
  '@openai/codex': '0.169.0',
  '@google/gemini-cli': '0.61.0',
  'opencode-ai': '1.18.33',
} as const;

/** The libraries of the npm registry that it drives, and what they need beside them. */
export const LIBRARY_VERSIONS = {
  ai: '7.0.173',
  '@ai-sdk/openai': '4.0.118',
  '@ai-sdk/anthropic': '4.0.105',
  '@ai-sdk/google': '4.0.121',
  '@ai-sdk/openai-compatible': '3.0.92',
  '@openai/agents': '0.20.0',
  '@anthropic-ai/claude-agent-sdk': '0.3.330',
  '@anthropic-ai/sdk': '1.12.0',
  '@modelcontextprotocol/client': '2.4.0',
  '@modelcontextprotocol/sdk': '1.32.2',
  openai: '7.57.0',
  zod: '4.6.7',
} as const;

/** The Python libraries that it drives. */
export const PYTHON_VERSIONS = {
  openai: '3.54.0',
  anthropic: '2.12.0',
  'google-genai': '3.4.0',
  'google-generativeai': '0.8.6',
} as const;

/** What npm is told to install: of programs that come as binaries only the package of this machine. */
export function npmPackages(): { readonly [name: string]: string } {
  const { '@openai/codex': codex, '@google/gemini-cli': gemini } = PROGRAM_VERSIONS;
  return {
    [binaryPackage('@anthropic-ai/claude-code')]: PROGRAM_VERSIONS['@anthropic-ai/claude-code'],
    [binaryPackage('opencode-ai')]: PROGRAM_VERSIONS['opencode-ai'],
    codex: `npm:@openai/codex@${codex}-${process.platform}-${process.arch}`,
    '@google/gemini-cli': gemini,
    ...LIBRARY_VERSIONS,
  };
}

/** The package that holds the binary of a program for this machine. */
export function binaryPackage(program: '@anthropic-ai/claude-code' | 'opencode-ai'): string {
  const { platform, arch } = process;
  if (program === 'opencode-ai')
    return `opencode-${platform.replace('win32', 'windows')}-${arch}${baseline()}${musl()}`;
  return `${program}-${platform}-${arch}${musl()}`;
}

function musl(): string {
  return process.platform === 'linux' &&
    existsSync(`/lib/ld-musl-${process.arch === 'x64' ? 'x86_64' : 'aarch64'}.so.1`)
    ? '-musl'
    : '';
}

/** Older processors of this family need a build of their own. */
function baseline(): string {
  if (process.arch !== 'x64') return '';
  if (process.platform !== 'linux') return '-baseline';
  return readFileSync('/proc/cpuinfo', 'utf8').includes('avx2') ? '' : '-baseline';
}
