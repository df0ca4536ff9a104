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
  // A GPU in software takes all processors: its faults come by themselves.
  const projects = storm === undefined ? ['faults', 'faults-alone'] : ['storm'];
  let code = 0;
  for (const project of projects) {
    const args = [
      'test',
      `--project=${project}`,
      `--output=test-results/playwright-${project}`,
      '--pass-with-no-tests',
    ];
    const one = await runTool(
      '@playwright/test/cli.js',
      [...args, '--reporter=./test/helpers/file-lines.ts,list', ...positionals],
      {
        CHROMIUM_PATH: await ensureChromium(ROOT),
        TEST_PORT: String(await freePort()),
        ...(storm === undefined ? {} : { STORM_MINUTES: storm }),
      },
    );
    code ||= one;
  }
  if (existsSync(times)) say(`Seconds until the kiosk served again:\n${readFileSync(times, 'utf8')}`);
  return code;
});
