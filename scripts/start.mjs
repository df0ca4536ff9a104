/** `npm start`: installs what is missing, builds what changed, serves the kiosk. PORT is honoured. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';
import { headers } from './lib/headers.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { messageOf } from './lib/main.mjs';
import { requireFreePort, wantedPort } from './lib/port.mjs';
import { say } from './lib/say.mjs';
import { ensureSetUpCode } from './lib/set-up-code.mjs';
import { ROOT, tool } from './lib/tools.mjs';

/** A new code; null where there is one, or where none can be written. */
const setUpCode = () =>
  ensureSetUpCode({ sources: join(ROOT, 'public'), served: join(ROOT, 'dist') }).catch((error) => {
    say(`No set-up code could be written (${messageOf(error)}), so nobody can choose a staff PIN yet.`);
    say('Run "npm run setup:code -- dist" as the user to whom the folder belongs.');
    return null;
  });

async function serve() {
  const port = wantedPort(process.env['PORT']);
  await requireFreePort(port);
  await ensureInstalled(ROOT);
  await ensureBuilt(ROOT);
  const { preview } = await import(pathToFileURL(tool('vite/dist/node/index.js')).href);
  const server = await preview({
    root: ROOT,
    logLevel: 'warn',
    base: './',
    // Without the configuration: its loader writes into node_modules, which another user may have installed, and reads no path
    // with a # in it. A folder that is built needs the headers alone.
    configFile: false,
    preview: { port, strictPort: true, headers: headers('shipped') },
  });
  const code = await setUpCode();
  const address = server.resolvedUrls.local[0];
  say('The kiosk is being served; Ctrl+C ends it.');
  process.stdout.write(
    [
      '',
      `  Kiosk          ${address}`,
      `  Demonstration  ${address}?camera=demo   rendered people walk up; no camera is needed`,
      `  Staff          ${address}#/staff`,
      ...(code
        ? [`  Set-up code    ${code}   write it down: it is shown once, and chooses the first staff PIN`]
        : []),
      '',
      '',
    ].join('\n'),
  );
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
try {
  await serve();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}
