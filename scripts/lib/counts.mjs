import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @type {Counts} */
export const PASSED = { passed: 1, failed: 0, skipped: 0 };
/** @type {Counts} */
export const FAILED = { passed: 0, failed: 1, skipped: 0 };

/** @param {readonly Counts[]} list @returns {Counts} */
export const sum = (list) =>
  list.reduce(
    (total, { passed, failed, skipped }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
      skipped: total.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );

/** The last line of `npm test`. @param {Counts} counts */
export const summaryLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/**
 * A runner that ended badly without a failed test (it crashed, a file did not load) counts as one failure.
 *
 * @param {Counts} counts @param {number} code exit code
 */
export const withExitCode = (counts, code) =>
  code !== 0 && counts.failed === 0 ? sum([counts, FAILED]) : counts;

/** @param {string} file */
const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);

/** @param {string} file vitest's JSON report @returns {Counts} */
export function vitestCounts(file) {
  const report = read(file);
  if (!report) return FAILED;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** A test that passed only when repeated counts as passed. @param {string} file Playwright's JSON report @returns {Counts} */
export function playwrightCounts(file) {
  const report = read(file);
  if (!report) return FAILED;
  const { expected, flaky, unexpected, skipped } = report.stats;
  return { passed: expected + flaky, failed: unexpected, skipped };
}
