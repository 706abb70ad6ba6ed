import { join } from 'node:path';
import type { ClientProgram } from '../client-program.ts';
import { packagePath } from '../install.ts';

const SETTINGS = {
  security: { auth: { selectedType: 'gemini-api-key' } },
  general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
  privacy: { usageStatisticsEnabled: false },
  telemetry: { enabled: false },
};

/** Gemini CLI, which needs Node.js. https://github.com/google-gemini/gemini-cli/blob/main/docs/cli/headless.md */
export const geminiCli: ClientProgram = {
  name: 'Gemini CLI',
  dialect: 'gemini',
  launch: ({ url, model, prompt, resume, home }) => ({
    command: [
      Bun.which('node') ?? 'node',
      packagePath('@google/gemini-cli', 'bundle', 'gemini.js'),
      '--skip-trust',
      '-y',
      ...(model === '' ? [] : ['-m', model]),
      ...(resume ? ['-r', 'latest'] : []),
      '-p',
      prompt,
    ],
    environment: { GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: 'sk-client-0000000000' },
    files: { [join(home, '.gemini', 'settings.json')]: JSON.stringify(SETTINGS) },
  }),
  writeFile: (path, content) => ({ name: 'write_file', args: { file_path: path, content } }),
  viewImage: (path) => ({ name: 'read_file', args: { file_path: path } }),
};

/** Gemini CLI that is told no model: it asks a small one how hard the question is, and then chooses. */
export const geminiCliUntold: ClientProgram = {
  ...geminiCli,
  name: 'Gemini CLI that chooses its model',
  launch: (visit) => geminiCli.launch({ ...visit, model: '' }),
};
