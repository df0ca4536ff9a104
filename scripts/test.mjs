/** `npm test`: installs what is missing and runs every check and test; the last line sums them up. */
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import {
  FAILED,
  PASSED,
  playwrightCounts,
  sum,
  summaryLine,
  vitestCounts,
  withExitCode,
} from './lib/counts.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { run } from './lib/run.mjs';
import { say } from './lib/say.mjs';

const root = join(import.meta.dirname, '..');
const reports = join(root, 'test-results');
const bin = (path) => join(root, 'node_modules', path);
const node = (script, args, env = {}) =>
  run(process.execPath, [script, ...args], { cwd: root, env: { ...process.env, ...env } });

/** Checks that pass or fail as a whole; each counts as one test. */
const CHECKS = [
  { name: 'Types (tsc)', script: 'typescript/bin/tsc', args: ['-p', '.'] },
  {
    name: 'Lint and format (biome)',
    script: '@biomejs/biome/bin/biome',
    args: ['ci', '--max-diagnostics=50'],
  },
  { name: 'Form of documents (prettier)', script: 'prettier/bin/prettier.cjs', args: ['--check', '**/*.md'] },
  { name: 'Unused code and dependencies (knip)', script: 'knip/bin/knip.js', args: [] },
];

async function runChecks() {
  const results = [];
  for (const { name, script, args } of CHECKS) {
    say(name);
    const code = await node(bin(script), args);
    if (code !== 0) say(`FAILED: ${name}`);
    results.push(code === 0 ? PASSED : FAILED);
  }
  return sum(results);
}

async function runVitest() {
  say('Unit tests (vitest)');
  const file = join(reports, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await node(bin('vitest/vitest.mjs'), ['run', ...reporters]);
  return withExitCode(vitestCounts(file), code);
}

/** @returns {Promise<number>} a port that nobody listens on: a fixed one may be another checkout's */
const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, 'localhost', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

async function runPlaywright(chromium) {
  say('Browser tests (Playwright)');
  const file = join(reports, 'playwright.json');
  const code = await node(
    bin('@playwright/test/cli.js'),
    ['test', '--project=kiosk', '--reporter=list,json'],
    {
      CHROMIUM_PATH: chromium,
      TEST_PORT: String(await freePort()),
      PLAYWRIGHT_JSON_OUTPUT_NAME: file,
    },
  );
  return withExitCode(playwrightCounts(file), code);
}

async function runBrowserTests() {
  if ((await build(root)) !== 0) {
    say('FAILED: the build; the browser tests cannot run without it.');
    return FAILED;
  }
  return sum([PASSED, await runPlaywright(await ensureChromium(root))]);
}

/** A step that throws is one failure and says why; the other steps still run. */
const guarded = (step) =>
  step().catch((error) => {
    process.stderr.write(`${error.message}\n`);
    return FAILED;
  });

async function main() {
  try {
    await ensureInstalled(root);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return FAILED;
  }
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const counts = [];
  for (const step of [runChecks, runVitest, runBrowserTests]) counts.push(await guarded(step));
  return sum(counts);
}

const counts = await main();
process.stdout.write(`${summaryLine(counts)}\n`);
process.exitCode = counts.failed > 0 ? 1 : 0;
