/** `npm run verify:kill [-- MOMENTS]`: kills the browser at random moments of its writes; see test/kill/harness.ts. */
import { join } from 'node:path';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { run } from './lib/run.mjs';

const root = join(import.meta.dirname, '..');
try {
  await ensureInstalled(root);
  const env = { ...process.env, CHROMIUM_PATH: await ensureChromium(root) };
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
  const args = [tsx, join(root, 'test/kill/verify.ts'), ...process.argv.slice(2)];
  process.exitCode = await run(process.execPath, args, { cwd: root, env });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
