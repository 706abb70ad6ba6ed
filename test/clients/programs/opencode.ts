import { readdirSync } from 'node:fs';
import type { JsonObject } from '../../../src/base/json.ts';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import type { ClientProgram } from '../client-program.ts';
import { packagePath } from '../install.ts';
import { binaryPackage } from '../versions.ts';
import { writeCommand } from './write-command.ts';

/** The libraries that opencode has built in, with the path that each wants in its base URL. */
const LIBRARIES = {
  'openai-chat': { npm: '@ai-sdk/openai-compatible', path: '/v1' },
  'openai-responses': { npm: '@ai-sdk/openai', path: '/v1' },
  'anthropic-messages': { npm: '@ai-sdk/anthropic', path: '/v1' },
  gemini: { npm: '@ai-sdk/google', path: '/v1beta' },
} as const;

/** opencode, led to the gateway in the dialect. https://opencode.ai/docs/providers */
export function opencode(dialect: Exclude<DialectId, 'openai-completions'>): ClientProgram {
  return {
    name: `opencode (${LIBRARIES[dialect].npm})`,
    dialect,
    launch: ({ url, model, prompt, resume }) => ({
      command: [program(), 'run', ...(resume ? ['-c'] : []), prompt],
      environment: {
        OPENCODE_CONFIG_CONTENT: JSON.stringify(configFor(dialect, url, model)),
        OPENCODE_DISABLE_MODELS_FETCH: '1',
        OPENCODE_DISABLE_AUTOUPDATE: '1',
        OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
        OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
        OPENCODE_DISABLE_SHARE: '1',
        OPENCODE_DISABLE_CLAUDE_CODE: '1',
      },
    }),
    // its other tools for writing depend on what the model is called
    writeFile: (path, content) => ({
      name: 'bash',
      args: { command: writeCommand(path, content), description: 'Writes' },
    }),
    viewImage: (path) => ({ name: 'read', args: { filePath: path } }),
  };
}

function program(): string {
  const folder = packagePath(binaryPackage('opencode-ai'), 'bin');
  return packagePath(binaryPackage('opencode-ai'), 'bin', readdirSync(folder).find((name) => /^opencode/.test(name))!);
}

function configFor(dialect: keyof typeof LIBRARIES, url: string, model: string): JsonObject {
  const { npm, path } = LIBRARIES[dialect];
  const offered = {
    name: model,
    reasoning: true,
    attachment: true,
    tool_call: true,
    limit: { context: 200_000, output: 32_000 },
    modalities: { input: ['text', 'image'], output: ['text'] },
    ...(dialect === 'anthropic-messages' ? { options: { thinking: { type: 'enabled', budgetTokens: 2_048 } } } : {}),
  };
  return {
    provider: {
      gateway: {
        npm,
        name: 'Gateway',
        options: { baseURL: url + path, apiKey: 'sk-client-0000000000' },
        models: { [model]: offered },
      },
    },
    model: `gateway/${model}`,
    small_model: `gateway/${model}`,
    permission: 'allow',
    enabled_providers: ['gateway'],
    autoupdate: false,
    share: 'disabled',
  };
}
