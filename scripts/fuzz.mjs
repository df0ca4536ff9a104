/** `npm run fuzz`: the property tests of every parser and boundary with 100,000 cases. FUZZ_SEED=NUMBER repeats a run. */
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { ROOT, runTool } from './lib/tools.mjs';

/** Cases of each of the thirty properties; a costly property runs a share of them. */
const CASES = '4200';

await main(async () => {
  await ensureInstalled(ROOT);
  const args = ['run', 'test/fuzz', '--testTimeout=3600000', ...process.argv.slice(2)];
  return runTool('vitest/vitest.mjs', args, { FUZZ_CASES: process.env['FUZZ_CASES'] ?? CASES });
});
