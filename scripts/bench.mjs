/** `npm run bench [-- --json FILE] [--only NAME,NAME] [--quick]`: the benchmarks of test/bench, in Chromium on the real engine. */
import { ensureBuilt } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { ROOT, runTypeScript } from './lib/tools.mjs';

await main(async () => {
  await ensureInstalled(ROOT);
  await ensureBuilt(ROOT);
  const env = { CHROMIUM_PATH: await ensureChromium(ROOT) };
  return runTypeScript('test/bench/run.ts', process.argv.slice(2), env);
});
