/** `npm run verify:real -- --data DIR`: real faces through the built kiosk; see test/real/verify.ts. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { ROOT, runTypeScript } from './lib/tools.mjs';

function londonSet() {
  const { values } = parseArgs({ options: { data: { type: 'string' } } });
  if (!values.data) throw new Error('Say where the real faces are: npm run verify:real -- --data DIR');
  const tar = resolve(process.env['INIT_CWD'] ?? '.', values.data, 'eval/london.tar');
  if (existsSync(tar)) return tar;
  throw new Error(
    `${tar} is not there, so nothing was verified. It is the Face Research Lab London set (CC BY 4.0), cut to ` +
      'neutral_front/NNN_03.jpg and smiling_front/NNN_08.jpg; the project does not carry photographs of real people.',
  );
}

await main(async () => {
  const tar = londonSet();
  await ensureInstalled(ROOT);
  await ensureBuilt(ROOT);
  return runTypeScript('test/real/verify.ts', [tar], { CHROMIUM_PATH: await ensureChromium(ROOT) });
});
