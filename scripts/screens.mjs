/** `npm run screens`: takes the pictures of the screens anew, into test/kiosk/screens. Open and judge them before a commit. */
import { build } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { ROOT, runTool } from './lib/tools.mjs';

await main(async () => {
  await ensureInstalled(ROOT);
  // The tests' server serves the built kiosk as well, though these pictures need only the harness.
  if ((await build(ROOT)) !== 0) throw new Error('The build failed; no pictures were taken.');
  const env = { CHROMIUM_PATH: await ensureChromium(ROOT), RETAKE_SCREENS: '1' };
  const args = ['test', '--project=kiosk', '--project=long', 'kiosk-looks', '--reporter=list'];
  return runTool('@playwright/test/cli.js', args, env);
});
