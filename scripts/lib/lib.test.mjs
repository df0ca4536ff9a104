import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isBuilt, refuseHash } from './build.mjs';
import { playwrightCounts, sum, summaryLine, vitestCounts, withExitCode } from './counts.mjs';
import { isInstalled } from './install.mjs';
import { portOf, requireFreePort, wantedPort } from './port.mjs';
import { run, wholeLines } from './run.mjs';
import { projectsOf } from './test-projects.mjs';

/** @type {string} */
let root;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'scripts-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** @param {string} path @param {string | object} content @param {number} [time] */
const write = (path, content, time) => {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  if (time) utimesSync(file, time, time);
  return file;
};

describe('isInstalled', () => {
  /** @param {string} version */
  const lock = (version) => ({
    packages: {
      '': {},
      training: { version: '9' },
      'node_modules/a': { version },
      'node_modules/for-another-system': { version: '1', optional: true },
    },
  });
  const installed = { packages: { 'node_modules/a': { version: '1.0.0' } } };

  it('wants node_modules', () => {
    write('package-lock.json', lock('1.0.0'));
    expect(isInstalled(root)).toBe(false);
  });

  it('compares versions, not times', () => {
    write('node_modules/.package-lock.json', installed);
    write('package-lock.json', lock('1.0.0'));
    expect(isInstalled(root)).toBe(true);
    write('package-lock.json', lock('1.0.1'), 1);
    expect(isInstalled(root)).toBe(false);
  });
});

describe('refuseHash', () => {
  it('says what to do where the bundler cannot build, and lets spaces and Korean pass', () => {
    expect(() => refuseHash('D:\\매장 #1\\kiosk')).toThrow(/Rename the folder/);
    expect(() => refuseHash('/home/김 민지/kiosk')).not.toThrow();
  });
});

describe('isBuilt', () => {
  it('wants a build newer than every source', () => {
    write('src/app/main.ts', '', 100);
    for (const folder of ['src/app', 'src']) utimesSync(join(root, folder), 100, 100);
    expect(isBuilt(root)).toBe(false);
    write('dist/index.html', '', 200);
    expect(isBuilt(root)).toBe(true);
    write('public/icon.svg', '', 300);
    expect(isBuilt(root)).toBe(false);
  });
});

describe('counts', () => {
  it('reads both runners and adds them up', () => {
    const vitest = write('vitest.json', {
      numPassedTests: 7,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
    });
    const stats = { expected: 3, flaky: 1, unexpected: 2, skipped: 1 };
    const total = sum([vitestCounts(vitest), playwrightCounts(write('playwright.json', { stats }))]);
    expect(summaryLine(total)).toBe('11 passed, 3 failed, 4 skipped');
  });

  it('takes a missing report or a crash for a failure', () => {
    expect(vitestCounts(join(root, 'none.json')).failed).toBe(1);
    expect(withExitCode({ passed: 5, failed: 0, skipped: 0 }, 1)).toEqual({
      passed: 5,
      failed: 1,
      skipped: 0,
    });
    expect(withExitCode({ passed: 5, failed: 2, skipped: 0 }, 1).failed).toBe(2);
  });
});

describe('projectsOf', () => {
  it('adds the long tests where all is asked for, and refuses what it does not know', () => {
    expect(projectsOf([])).toEqual(['kiosk']);
    expect(projectsOf(['--all'])).toEqual(['kiosk', 'long']);
    expect(() => projectsOf(['--al'])).toThrow('npm test does not know --al. It takes --all, or nothing.');
  });
});

describe('run', () => {
  it('hands back the exit code, and 127 where there is no such command', async () => {
    expect(await run(process.execPath, ['-e', 'process.exit(3)'])).toBe(3);
    /** @type {unknown[]} */
    const told = [];
    const err = { write: (/** @type {unknown} */ chunk) => told.push(chunk) };
    expect(await run(join(root, 'nothing'), [], { err })).toBe(127);
    expect(told.join('')).toContain('could not be started');
  });
});

describe('wholeLines', () => {
  it('hands on whole lines, and at the end what is left', () => {
    /** @type {unknown[]} */
    const told = [];
    const lines = wholeLines({ write: (/** @type {unknown} */ text) => told.push(text) });
    lines.write('a');
    lines.write('b\nc\nd');
    expect(told).toEqual(['ab\nc\n']);
    lines.end();
    expect(told).toEqual(['ab\nc\n', 'd']);
  });
});

describe('the port of npm start', () => {
  it('is 4173 or the one that PORT says', () => {
    expect(wantedPort(undefined)).toBe(4173);
    expect(wantedPort('8080')).toBe(8080);
    for (const bad of ['0', '65536', '80.5', 'http'])
      expect(() => wantedPort(bad)).toThrow(/from 1 to 65535/);
  });

  it('stops where it is taken, and says that people belong to the address', async () => {
    const server = createServer();
    await new Promise((resolve) => server.listen(0, 'localhost', () => resolve(undefined)));
    const port = portOf(server);
    await expect(requireFreePort(port)).rejects.toThrow(
      /is taken.*enrolled people under the address.*PORT=/s,
    );
    await new Promise((resolve) => server.close(resolve));
    await expect(requireFreePort(port)).resolves.toBeUndefined();
  });
});
