/**
 * `npm run fuzz`: the property tests of every parser and boundary with 100,000 cases, and 10,000 mutations each of a backup and of
 * the stored records. FUZZ_SEED=NUMBER repeats the properties.
 */
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { ROOT, runTool } from './lib/tools.mjs';

/** Cases of each of the thirty properties; a costly property runs a share of them. */
const CASES = '4200';
const FILES = ['test/fuzz', 'backup/backup.test.ts', 'records.fuzz.test.ts'];

await main(async () => {
  await ensureInstalled(ROOT);
  const args = ['run', ...FILES, '--testTimeout=3600000', ...process.argv.slice(2)];
  return runTool('vitest/vitest.mjs', args, { FUZZ_CASES: process.env['FUZZ_CASES'] ?? CASES });
});
