/** `npm run catalogue -- FILE`: checks a shop's catalogue.json before it is put into the kiosk; see public/catalogue/README.md. */
import { resolve } from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { ROOT, runTypeScript } from './lib/tools.mjs';

await main(async () => {
  const [file, ...more] = process.argv.slice(2);
  if (file === undefined || more.length > 0)
    throw new Error('Say which file to check: npm run catalogue -- public/catalogue/catalogue.json');
  await ensureInstalled(ROOT);
  return runTypeScript('scripts/lib/catalogue-command.ts', [resolve(process.env['INIT_CWD'] ?? '.', file)]);
});
