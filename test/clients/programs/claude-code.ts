import { join } from 'node:path';
import type { ClientProgram } from '../client-program.ts';
import { packagePath } from '../install.ts';
import { binaryPackage } from '../versions.ts';

/** Claude Code, without a screen. https://docs.claude.com/en/docs/claude-code/llm-gateway */
export const claudeCode: ClientProgram = {
  name: 'Claude Code',
  dialect: 'anthropic-messages',
  launch: ({ url, model, prompt, resume, home }) => ({
    command: [
      claudeExecutable(),
      '-p',
      prompt,
      '--model',
      model,
      '--dangerously-skip-permissions',
      ...(resume ? ['-c'] : []),
    ],
    environment: claudeEnvironment(url, model, home),
  }),
  writeFile: (path, content) => ({ name: 'Write', args: { file_path: path, content } }),
  viewImage: (path) => ({ name: 'Read', args: { file_path: path } }),
};

/** The program itself. */
export function claudeExecutable(): string {
  const name = process.platform === 'win32' ? 'claude.exe' : 'claude';
  return packagePath(binaryPackage('@anthropic-ai/claude-code'), name);
}

/** What leads Claude Code, and the SDK that starts it, to a gateway and to nothing else. */
export function claudeEnvironment(url: string, model: string, home: string): { readonly [name: string]: string } {
  return {
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: 'sk-client-0000000000',
    ANTHROPIC_DEFAULT_OPUS_MODEL: model,
    ANTHROPIC_DEFAULT_SONNET_MODEL: model,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
    CLAUDE_CONFIG_DIR: join(home, '.claude'),
    CLAUDE_CODE_TMPDIR: join(home, 'claude-tmp'),
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_MAX_RETRIES: '3',
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
    DISABLE_AUTOUPDATER: '1',
    IS_SANDBOX: '1',
  };
}
