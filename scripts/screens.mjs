/** `npm run screens`: takes the pictures of every screen anew, into test/kiosk/screens. Open and judge them before a commit. */
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { run } from './lib/run.mjs';

const root = join(import.meta.dirname, '..');

try {
  await ensureInstalled(root);
  // The tests' server serves the built kiosk as well, though these pictures need only the harness.
  if ((await build(root)) !== 0) throw new Error('The build failed; no pictures were taken.');
  process.exitCode = await run(
    process.execPath,
    [
      join(root, 'node_modules/@playwright/test/cli.js'),
      'test',
      '--project=kiosk',
      'kiosk-looks',
      '--reporter=list',
    ],
    { cwd: root, env: { ...process.env, CHROMIUM_PATH: await ensureChromium(root), RETAKE_SCREENS: '1' } },
  );
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
