import { describe, expect, test } from 'bun:test';
import { describeProgram, openScene } from './describe-program.ts';
import { claudeAgentSdk } from './programs/claude-agent-sdk.ts';
import { claudeCode } from './programs/claude-code.ts';

describeProgram(claudeCode, ['openai-chat', 'openai-responses', 'gemini']);
describeProgram(claudeAgentSdk, ['gemini']);

describe.each(['openai-chat', 'openai-responses', 'gemini'] as const)(
  'Claude Code that counts with an upstream that speaks %s',
  (dialect) => {
    const scene = openScene(claudeCode, dialect);

    test('shows how full its context is', async () => {
      const { code, stdout } = await scene.run('/context');
      expect(code).toBe(0);
      expect(stdout).toMatch(/Skills \| [\d.]+k? \|/);
      expect(scene.stage.upstream.requests.map(({ refusal }) => refusal).filter(Boolean)).toEqual([]);
    });
  },
);
