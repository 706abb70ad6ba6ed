import { join } from 'node:path';
import type { ClientProgram } from '../client-program.ts';
import { npmFolder } from '../install.ts';
import { claudeCode, claudeEnvironment, claudeExecutable } from './claude-code.ts';

const PROGRAM = join(import.meta.dir, '..', 'javascript', 'claude-agent.ts');

/** Claude's agent for programmers, which starts Claude Code and talks to it. https://docs.claude.com/en/api/agent-sdk */
export const claudeAgentSdk: ClientProgram = {
  ...claudeCode,
  name: 'Claude Agent SDK',
  launch: ({ url, model, prompt, resume, home }) => ({
    command: [process.execPath, PROGRAM, npmFolder(), claudeExecutable(), model, resume ? 'resume' : 'new', prompt],
    environment: claudeEnvironment(url, model, home),
  }),
};
