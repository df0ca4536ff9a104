/** `npm run verify:kill`: kills Chromium at 100 random moments of enrolment, import and re-key; see harness.ts. */
import { killAt } from './harness.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const report = await killAt(Number(process.argv[2] ?? 100), say);
const { moments, interrupted, confirmed, problems } = report;
say('');
say(
  `killed in enrolment ${moments.enrol}, import ${moments.import}, re-key ${moments.rekey} times, ` +
    `${interrupted} of them in the middle of a change; ${confirmed} changes had been confirmed`,
);
for (const problem of problems) say(`  ${problem}`);
say(problems.length === 0 ? 'PASSED: nothing confirmed was lost, nothing was left half-done' : 'FAILED');
process.exitCode = problems.length === 0 ? 0 : 1;
