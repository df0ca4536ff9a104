import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chromiumPlaces, npmCli } from './platform.mjs';
import { run } from './run.mjs';

/**
 * @param {NodeJS.Platform} platform
 * @param {string} execPath
 * @param {readonly string[]} files
 * @param {Record<string, string>} [env]
 */
const machine = (platform, execPath, files, env = {}) => ({
  platform,
  execPath,
  env,
  exists: (/** @type {string} */ file) => files.includes(file),
});

describe('npmCli', () => {
  it.each([
    [
      'the installer’s on Windows',
      'win32',
      'C:\\Program Files\\nodejs\\node.exe',
      'C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npm-cli.js',
    ],
    [
      'a user’s on Windows, with a Korean name and a #',
      'win32',
      'D:\\사용자 #1\\node\\node.exe',
      'D:\\사용자 #1\\node\\node_modules\\npm\\bin\\npm-cli.js',
    ],
    ['Linux’s', 'linux', '/usr/bin/node', '/usr/lib/node_modules/npm/bin/npm-cli.js'],
    ['nvm’s', 'linux', '/home/김/.nvm/v22/bin/node', '/home/김/.nvm/v22/lib/node_modules/npm/bin/npm-cli.js'],
    ['Debian’s', 'linux', '/usr/bin/node', '/usr/share/nodejs/npm/bin/npm-cli.js'],
  ])('finds %s', (_, platform, execPath, file) => {
    const { platform: of, ...rest } = machine(/** @type {NodeJS.Platform} */ (platform), execPath, [file]);
    expect(npmCli({ platform: of, ...rest })).toBe(file);
  });

  it('takes the npm that started the command, and no pnpm', () => {
    const own = 'C:\\tools\\npm\\bin\\npm-cli.js';
    const beside = 'C:\\nodejs\\node_modules\\npm\\bin\\npm-cli.js';
    const files = [own, beside, 'C:\\pnpm\\pnpm.cjs'];
    const started = (/** @type {string} */ by) =>
      npmCli(machine('win32', 'C:\\nodejs\\node.exe', files, { npm_execpath: by }));
    expect(started(own)).toBe(own);
    expect(started('C:\\pnpm\\pnpm.cjs')).toBe(beside);
  });

  it('finds the one of the PATH where Node has none beside it', () => {
    const file = '/usr/lib/node_modules/npm/bin/npm-cli.js';
    expect(npmCli(machine('linux', '/opt/node/node', [file], { PATH: '/snap/bin:/usr/bin' }))).toBe(file);
  });

  it('says what to do where there is none', () => {
    expect(() => npmCli(machine('linux', '/opt/node', []))).toThrow(/Install Node with npm/);
  });

  it('is a program that this Node runs', async () => {
    let told = '';
    const out = { write: (/** @type {unknown} */ chunk) => (told += String(chunk)) };
    expect(await run(process.execPath, [npmCli(), '--version'], { out, err: out })).toBe(0);
    expect(told).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe('chromiumPlaces', () => {
  it('looks on the PATH first, by the platform’s own rules', () => {
    const linux = machine('linux', '', [], { PATH: '/usr/local/bin:/snap/bin' });
    expect(chromiumPlaces(linux)[0]).toBe('/usr/local/bin/chromium');
    expect(chromiumPlaces(linux)).toContain('/snap/bin/google-chrome');
    const windows = machine('win32', '', [], {
      Path: 'C:\\bin;D:\\tools',
      ProgramFiles: 'C:\\Program Files',
      LOCALAPPDATA: 'C:\\Users\\김\\AppData\\Local',
    });
    const places = chromiumPlaces(windows);
    expect(places[0]).toBe('C:\\bin\\chrome.exe');
    expect(places).toContain('C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe');
    expect(places).toContain('C:\\Users\\김\\AppData\\Local\\Chromium\\Application\\chrome.exe');
    expect(places).toContain('C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe');
  });
});

describe('run', () => {
  it('starts a program in a folder with #, spaces, & and Korean in its name, and hands such an argument over', async () => {
    const folder = mkdtempSync(join(tmpdir(), '키오스크 #1 & 100% '));
    try {
      mkdirSync(join(folder, '안 #2'));
      const file = join(folder, '안 #2', 'say.mjs');
      writeFileSync(file, 'process.stdout.write(process.argv[2] + process.cwd())');
      let told = '';
      const out = { write: (/** @type {unknown} */ chunk) => (told += String(chunk)) };
      expect(await run(process.execPath, [file, '값 #3'], { cwd: folder, out })).toBe(0);
      expect(told).toBe(`값 #3${folder}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
