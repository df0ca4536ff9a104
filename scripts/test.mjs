/**
 * `npm test [-- --all]`: installs what is missing and runs the checks and tests; the last line sums them up. `--all`: the long
 * browser tests, too; CI runs them before a change lands.
 */
import { mkdirSync, rmSync } from 'node:fs';
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
import { messageOf } from './lib/main.mjs';
import { freePort } from './lib/port.mjs';
import { check } from './lib/run.mjs';
import { say } from './lib/say.mjs';
import { projectsOf } from './lib/test-projects.mjs';
import { ROOT, runTool, tool } from './lib/tools.mjs';

/** @typedef {import('./lib/counts.mjs').Counts} Counts */

const reports = join(ROOT, 'test-results');

/**
 * How far checks and unit tests step back for the browser tests that run beside them, 0 to 19. A browser test waits for its kiosk
 * more than it computes, and a kiosk's timeouts are real; what only computes takes the time that is left.
 */
const NICE = 5;

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
    const passed = await check(name, process.execPath, [tool(script), ...args], { cwd: ROOT, nice: NICE });
    results.push(passed ? PASSED : FAILED);
  }
  return sum(results);
}

async function runVitest() {
  say('Unit tests (vitest)');
  const file = join(reports, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await runTool('vitest/vitest.mjs', ['run', ...reporters], {}, NICE);
  return withExitCode(vitestCounts(file), code);
}

/** @param {string} chromium @param {readonly string[]} projects of `playwright.config.ts` */
async function runPlaywright(chromium, projects) {
  say('Browser tests (Playwright)');
  const file = join(reports, 'playwright.json');
  const chosen = projects.map((name) => `--project=${name}`);
  const args = ['test', ...chosen, '--reporter=./test/helpers/file-lines.ts,json'];
  const code = await runTool('@playwright/test/cli.js', args, {
    CHROMIUM_PATH: chromium,
    TEST_PORT: String(await freePort()),
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  return withExitCode(playwrightCounts(file), code);
}

/** @param {readonly string[]} projects */
async function runBrowserTests(projects) {
  if ((await build(ROOT)) !== 0) {
    say('FAILED: the build; the browser tests cannot run without it.');
    return FAILED;
  }
  return sum([PASSED, await runPlaywright(await ensureChromium(ROOT), projects)]);
}

/**
 * A step that throws is one failure and says why; the other steps still run.
 *
 * @param {() => Promise<Counts>} step
 */
const guarded = (step) =>
  step().catch((error) => {
    process.stderr.write(`${messageOf(error)}\n`);
    return FAILED;
  });

/** @param {readonly (() => Promise<Counts>)[]} steps */
async function inTurn(steps) {
  const counts = [];
  for (const step of steps) counts.push(await guarded(step));
  return sum(counts);
}

async function main() {
  /** @type {readonly string[]} */
  let projects;
  try {
    projects = projectsOf(process.argv.slice(2));
    await ensureInstalled(ROOT);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return FAILED;
  }
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const lanes = [[runChecks], [runVitest], [() => runBrowserTests(projects)]];
  return sum(await Promise.all(lanes.map(inTurn)));
}

const counts = await main();
process.stdout.write(`${summaryLine(counts)}\n`);
process.exitCode = counts.failed > 0 ? 1 : 0;
