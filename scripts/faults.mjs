/** `npm run faults`: injects every fault into the built kiosk; `--storm MINUTES`: random ones, one a minute, on one kiosk. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { freePort } from './lib/port.mjs';
import { say } from './lib/say.mjs';
import { ROOT, runTool } from './lib/tools.mjs';

await main(async () => {
  const { values, positionals } = parseArgs({
    options: { storm: { type: 'string' } },
    allowPositionals: true,
  });
  const { storm } = values;
  if (storm !== undefined && !(Number(storm) > 0))
    throw new Error(`--storm takes minutes, such as --storm 60, and not "${storm}".`);
  await ensureInstalled(ROOT);
  await ensureBuilt(ROOT);
  const times = join(ROOT, 'test-results/faults/times.tsv');
  rmSync(times, { force: true });
  const project = storm === undefined ? 'faults' : 'storm';
  const code = await runTool(
    '@playwright/test/cli.js',
    ['test', `--project=${project}`, '--reporter=./test/helpers/file-lines.ts,list', ...positionals],
    {
      CHROMIUM_PATH: await ensureChromium(ROOT),
      TEST_PORT: String(await freePort()),
      ...(storm === undefined ? {} : { STORM_MINUTES: storm }),
    },
  );
  if (existsSync(times)) say(`Seconds until the kiosk served again:\n${readFileSync(times, 'utf8')}`);
  return code;
});
