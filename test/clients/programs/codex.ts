import { join } from 'node:path';
import type { ClientProgram } from '../client-program.ts';
import { onlyIn, packagePath } from '../install.ts';
import { writeCommand } from './write-command.ts';

/** Codex as a user sets it up for a server of their own. https://github.com/openai/codex/blob/main/docs/config.md */
export const codex: ClientProgram = {
  name: 'Codex',
  dialect: 'openai-responses',
  launch: ({ url, model, prompt, resume, home }) => ({
    command: codexCommand(prompt, resume),
    environment: { CODEX_HOME: join(home, '.codex'), GATEWAY_KEY: 'sk-client-0000000000' },
    files: { [join(home, '.codex', 'config.toml')]: configText(url, model) },
  }),
  writeFile: (path, content) => ({
    name: 'exec_command',
    args: { cmd: writeCommand(path, content) },
  }),
  viewImage: (path) => ({ name: 'view_image', args: { path } }),
};

/** Codex with the provider it brings along, whose base URL alone is changed: it asks for a WebSocket first. */
export const codexBuiltIn: ClientProgram = {
  ...codex,
  name: 'Codex with its own provider',
  launch: ({ url, model, prompt, resume, home }) => ({
    command: codexCommand(prompt, resume),
    environment: { CODEX_HOME: join(home, '.codex') },
    files: {
      [join(home, '.codex', 'config.toml')]: `${commonText(model)}openai_base_url = "${url}/v1"\n${QUIET}`,
      [join(home, '.codex', 'auth.json')]: '{"auth_mode":"apikey","OPENAI_API_KEY":"sk-client-0000000000"}',
    },
  }),
};

/** Codex that takes the model for one it knows, and offers freeform tools instead of functions. */
export const codexFreeform: ClientProgram = {
  ...codex,
  name: 'Codex that knows the model',
  launch: (visit) => codex.launch({ ...visit, model: 'gpt-5.5' }),
  writeFile: (path, content) => ({ name: 'apply_patch', args: { input: addFile(path, content) } }),
};

/** Codex that takes the model for a newer one, which calls all tools by a script, and is offered them in a turn of the conversation. */
export const codexScripted: ClientProgram = {
  ...codex,
  name: 'Codex that knows a newer model',
  launch: (visit) => codex.launch({ ...visit, model: 'gpt-6.1-sol' }),
  writeFile: (path, content) => {
    const command = JSON.stringify({ cmd: writeCommand(path, content) });
    return {
      name: 'exec',
      args: { input: `const { exit_code } = await tools.exec_command(${command});\ntext(exit_code);` },
    };
  },
};

function addFile(path: string, content: string): string {
  const lines = content.replace(/\n$/, '').split('\n');
  return ['*** Begin Patch', `*** Add File: ${path}`, ...lines.map((line) => `+${line}`), '*** End Patch\n'].join('\n');
}

const QUIET = '[analytics]\nenabled = false\n';

function codexCommand(prompt: string, resume: boolean): string[] {
  const program = join(onlyIn(packagePath('codex', 'vendor')), 'bin', 'codex');
  const flags = ['--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', '--disable', 'plugins'];
  return [program, 'exec', ...(resume ? ['resume', '--last'] : []), ...flags, prompt];
}

function commonText(model: string): string {
  return `model = "${model}"\ncheck_for_update_on_startup = false\n`;
}

function configText(url: string, model: string): string {
  return `${commonText(model)}model_provider = "gateway"
${QUIET}
[model_providers.gateway]
name = "Gateway"
base_url = "${url}/v1"
env_key = "GATEWAY_KEY"
wire_api = "responses"
request_max_retries = 2
stream_max_retries = 2
stream_idle_timeout_ms = 20000
`;
}
