import { expect, test } from 'bun:test';
import { absolutePath, defaultDataFolder } from '../../../src/config/paths.ts';

const unix = { platform: 'linux', home: '/home/ann', folder: '/work' } as const;
const mac = { platform: 'darwin', home: '/Users/ann', folder: '/work' } as const;
const windows = { platform: 'win32', home: 'C:\\Users\\Ann', folder: 'D:\\work' } as const;

test.each([
  [unix, {}, '/home/ann/.local/share/trivium'],
  [unix, { XDG_DATA_HOME: '/data' }, '/data/trivium'],
  [unix, { XDG_DATA_HOME: '' }, '/home/ann/.local/share/trivium'],
  [unix, { XDG_DATA_HOME: 'relative' }, '/home/ann/.local/share/trivium'],
  [mac, { XDG_DATA_HOME: '/data' }, '/Users/ann/Library/Application Support/trivium'],
  [windows, { APPDATA: 'C:\\Users\\Ann\\AppData\\Roaming' }, 'C:\\Users\\Ann\\AppData\\Roaming\\trivium'],
  [windows, {}, 'C:\\Users\\Ann\\AppData\\Roaming\\trivium'],
] as const)('the data folder of %j with %j is %s', (system, environment, folder) => {
  expect(defaultDataFolder(system, environment)).toBe(folder);
});

test.each([
  [unix, '/abs', '/abs'],
  [unix, 'rel/x', '/work/rel/x'],
  [unix, '~', '/home/ann'],
  [unix, '~/x', '/home/ann/x'],
  [unix, '~other', '/work/~other'],
  [windows, '~\\x', 'C:\\Users\\Ann\\x'],
  [windows, 'x', 'D:\\work\\x'],
] as const)('on %j the path %s is %s', (system, path, absolute) => {
  expect(absolutePath(path, system)).toBe(absolute);
});
