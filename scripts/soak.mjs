/**
 * `npm run soak [-- --quick]`: what takes long to show itself: leaks over many frames and steps, kills at random moments.
 * `--quick`: few frames and kills, to see that it works.
 */
import { ensureBuilt } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { freePort } from './lib/port.mjs';
import { ROOT, runTool } from './lib/tools.mjs';

await main(async () => {
  await ensureInstalled(ROOT);
  await ensureBuilt(ROOT);
  const quick = process.argv.slice(2).includes('--quick');
  const env = {
    CHROMIUM_PATH: await ensureChromium(ROOT),
    TEST_PORT: String(await freePort()),
    ...(quick ? { SOAK_QUICK: '1' } : {}),
  };
  const training = await runTool('vitest/vitest.mjs', ['run', '--config', 'vitest.soak.config.ts'], env);
  const kiosk = await runTool('@playwright/test/cli.js', ['test', '--project=soak', '--workers=1'], env);
  return training || kiosk;
});
