/** `npm run soak`: what takes long to show itself: leaks over many frames and steps, kills at random moments. */
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
  const bin = (path) => join(root, 'node_modules', path);
  const training = await run(
    process.execPath,
    [bin('vitest/vitest.mjs'), 'run', '--config', 'vitest.soak.config.ts'],
    { cwd: root, env },
  );
  const kiosk = await run(process.execPath, [bin('@playwright/test/cli.js'), 'test', '--project=soak'], {
    cwd: root,
    env,
  });
  process.exitCode = training || kiosk;
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
