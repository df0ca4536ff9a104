/** `npm run soak`: what takes long to show itself: leaks over many frames and steps, kills at random moments. */
import { ensureBuilt } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { ROOT, runTool } from './lib/tools.mjs';

await main(async () => {
  await ensureInstalled(ROOT);
  await ensureBuilt(ROOT);
  const env = { CHROMIUM_PATH: await ensureChromium(ROOT) };
  const training = await runTool('vitest/vitest.mjs', ['run', '--config', 'vitest.soak.config.ts'], env);
  const kiosk = await runTool('@playwright/test/cli.js', ['test', '--project=soak'], env);
  return training || kiosk;
});
