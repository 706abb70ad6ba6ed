import { describe, expect, test } from 'bun:test';
import { type Command, readCommandLine, USAGE } from '../../../src/cli/command-line.ts';

const read = (line: string) => readCommandLine(line.split(' ').filter((word) => word !== ''));

describe('a command line', () => {
  test.each<[string, Command]>([
    ['', { name: 'serve', flags: {} }],
    ['serve', { name: 'serve', flags: {} }],
    ['--port 9000', { name: 'serve', flags: { port: '9000' } }],
    ['serve --port=9000 --auth-mode strict', { name: 'serve', flags: { port: '9000', auth_mode: 'strict' } }],
    ['serve --allow-lan-access', { name: 'serve', flags: { allow_lan_access: 'true' } }],
    ['serve --allow-lan-access false', { name: 'serve', flags: { allow_lan_access: 'false' } }],
    ['serve --allow-lan-access=no', { name: 'serve', flags: { allow_lan_access: 'no' } }],
    ['--allow-lan-access --port 1', { name: 'serve', flags: { allow_lan_access: 'true', port: '1' } }],
    ['health --port 9000', { name: 'health', flags: { port: '9000' } }],
    ['config', { name: 'config', flags: {}, json: false }],
    ['config --json --data-dir /d', { name: 'config', flags: { data_dir: '/d' }, json: true }],
    ['doctor', { name: 'doctor', flags: {}, json: false }],
    ['doctor --port 1 --json --password p', { name: 'doctor', flags: { port: '1' }, json: true, password: 'p' }],
    ['doctor --conformance', { name: 'conformance', json: false }],
    ['doctor --conformance --json', { name: 'conformance', json: true }],
    ['--help', { name: 'help' }],
    ['serve --port x -h', { name: 'help' }],
    ['help', { name: 'help' }],
    ['--version', { name: 'version' }],
    ['-v', { name: 'version' }],
    ['version', { name: 'version' }],
    ['translate batch', { name: 'translate-batch', strict: false }],
    ['translate batch --strict', { name: 'translate-batch', strict: true }],
    [
      'translate request --from openai-chat --to gemini',
      { name: 'translate', options: { kind: 'request', from: 'openai-chat', to: 'gemini', strict: false } },
    ],
    [
      'translate error --from gemini --to openai-chat --status 429 --model m --stream --request r.json --strict',
      {
        name: 'translate',
        options: {
          kind: 'error',
          from: 'gemini',
          to: 'openai-chat',
          status: 429,
          model: 'm',
          stream: true,
          request: 'r.json',
          strict: true,
        },
      },
    ],
  ])('%j', (line, command) => {
    expect(read(line)).toEqual(command);
  });
});

describe('a wrong command line', () => {
  test.each([
    ['start', 'There is no command "start"'],
    ['serve --prot 1', '--prot'],
    ['serve now', 'now'],
    ['--port', '--port'],
    ['doctor --conformance --port 1', '--port'],
    ['doctor --password', 'needs the admin password'],
    ['doctor --nothing', '--nothing'],
    ['translate', 'needs one of request, response, stream, error or batch'],
    ['translate answer --from gemini --to gemini', 'needs one of'],
    ['translate request extra --from gemini --to gemini', '"extra" is one word too many'],
    ['translate request --to gemini', '--from must be one of'],
    ['translate request --from openai --to gemini', '--from must be one of'],
    ['translate request --from gemini --to constructor', '--to must be one of'],
    ['translate error --from gemini --to gemini --status soon', '--status must be an HTTP status'],
    ['translate error --from gemini --to gemini --status 42', '--status must be an HTTP status'],
    ['translate request --from gemini --to gemini --loud', '--loud'],
  ])('%j says what is wrong with it', (line, words) => {
    const command = read(line);
    expect(command.name).toBe('wrong');
    expect(command.name === 'wrong' && command.message).toContain(words);
  });

  test.each(['--api-key sk-0123456789', '--admin-password x'])('%j: secrets have no flag', (line) => {
    expect(read(line).name).toBe('wrong');
  });
});

test('the help names every command and no secret', () => {
  for (const word of ['serve', 'translate', 'batch', 'config', 'health', '--port', '--allow-lan-access']) {
    expect(USAGE).toContain(word);
  }
  expect(USAGE).not.toContain('--api-key-');
  expect(USAGE).not.toContain('--admin-password');
});
