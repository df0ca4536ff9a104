/** `npm start`: installs what is missing, builds what changed, serves the kiosk. PORT is honoured. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { say } from './lib/say.mjs';

const DEFAULT_PORT = 4173;
const root = join(import.meta.dirname, '..');

/** @returns {{ port: number, strictPort: boolean }} a port that was asked for is the one or none */
function wantedPort() {
  const asked = process.env.PORT;
  if (!asked) return { port: DEFAULT_PORT, strictPort: false };
  const port = Number(asked);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`PORT is ${asked}; it takes a whole number from 1 to 65535.`);
  return { port, strictPort: true };
}

async function serve() {
  const options = wantedPort();
  await ensureInstalled(root);
  await ensureBuilt(root);
  const { preview } = await import(pathToFileURL(join(root, 'node_modules/vite/dist/node/index.js')).href);
  const server = await preview({ root, logLevel: 'warn', preview: options });
  const address = server.resolvedUrls.local[0];
  say('The kiosk is being served; Ctrl+C ends it.');
  process.stdout.write(
    [
      '',
      `  Kiosk          ${address}`,
      `  Demonstration  ${address}?camera=demo   rendered people walk up; no camera is needed`,
      `  Staff          ${address}#/staff`,
      '',
      '',
    ].join('\n'),
  );
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
try {
  await serve();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
