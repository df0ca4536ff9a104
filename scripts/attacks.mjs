/**
 * `npm run attacks`: composed attacks and visits before the challenge in Node. `npm run attacks -- --data DIR`: attacks with real
 * portraits through the built kiosk's fake camera; see test/real/attacks.ts.
 */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { ROOT, runTypeScript } from './lib/tools.mjs';

/** The London set's archive below the folder, the archive itself, or a folder of portraits. @param {string} named */
function portraits(named) {
  const path = resolve(process.env['INIT_CWD'] ?? '.', named);
  const archive = join(path, 'eval/london.tar');
  if (existsSync(archive)) return archive;
  if (existsSync(path) && (path.endsWith('.tar') || statSync(path).isDirectory())) return path;
  throw new Error(
    `${path} is not there, so nothing was attacked. Name a folder of portraits, a folder with eval/london.tar (Face Research ` +
      'Lab London set, CC BY 4.0), or such an archive; the project does not carry photographs of real people.',
  );
}

await main(async () => {
  const given = process.argv.slice(2);
  const at = given.findIndex((one) => one === '--data' || one.startsWith('--data='));
  if (at === -1) return runTypeScript('training/cli.ts', ['attacks', ...given]);
  const option = given[at] ?? '';
  const named = option.includes('=') ? option.slice(option.indexOf('=') + 1) : given[at + 1];
  if (!named) throw new Error('Say where the portraits are: npm run attacks -- --data DIR');
  const rest = given.filter((_, i) => i !== at && (option.includes('=') || i !== at + 1));
  const data = portraits(named);
  await ensureInstalled(ROOT);
  await ensureBuilt(ROOT);
  return runTypeScript('test/real/attacks.ts', [data, ...rest], {
    CHROMIUM_PATH: await ensureChromium(ROOT),
  });
});
