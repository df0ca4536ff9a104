/** `npm run bench [-- --json FILE] [--only NAME] [--quick]`: the benchmarks of test/bench, in Chromium on the real engine. */
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { run } from './lib/run.mjs';

const root = join(import.meta.dirname, '..');
try {
  await ensureInstalled(root);
  await ensureBuilt(root);
  const env = { ...process.env, CHROMIUM_PATH: await ensureChromium(root) };
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
  const args = [tsx, join(root, 'test/bench/run.ts'), ...process.argv.slice(2)];
  process.exitCode = await run(process.execPath, args, { cwd: root, env });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
