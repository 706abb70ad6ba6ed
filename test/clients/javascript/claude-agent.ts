import { load } from './session.ts';

/** Asks Claude's agent what the words after the folder of packages say, and writes its last words. */
async function main([program = '', model = '', resume = '', prompt = '']: readonly string[]): Promise<void> {
  const { query } = await load('@anthropic-ai/claude-agent-sdk');
  const options = {
    model,
    pathToClaudeCodeExecutable: program,
    permissionMode: 'bypassPermissions',
    allowDangerouslySkipPermissions: true,
    settingSources: [],
    continue: resume === 'resume',
    env: { ...process.env },
  };
  for await (const message of query({ prompt, options })) {
    if (message.type !== 'result') continue;
    process.stdout.write(`${message.result ?? message.errors}\n`);
    process.exitCode = message.is_error ? 1 : 0;
  }
}

await main(process.argv.slice(3));
