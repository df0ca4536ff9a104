import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromiumPlaces, mayUseApt } from './platform.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';

const installed = () => chromiumPlaces().find((file) => existsSync(file));

/** @param {string} root */
async function playwrights(root) {
  const { chromium } = await import(pathToFileURL(join(root, 'node_modules/playwright-core/index.mjs')).href);
  const file = chromium.executablePath();
  return existsSync(file) ? file : undefined;
}

/** @param {string} root */
async function find(root) {
  const asked = process.env['CHROMIUM_PATH'];
  if (asked && !existsSync(asked)) throw new Error(`CHROMIUM_PATH names ${asked}, which is not there.`);
  return asked ?? installed() ?? (await playwrights(root));
}

async function installByApt() {
  say('No Chromium here: installing Debian’s package with apt-get; a minute or two.');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env });
}

/** @param {string} root */
async function installByPlaywright(root) {
  say('No Chromium here: fetching Playwright’s; a minute or two.');
  await run(process.execPath, [join(root, 'node_modules/playwright-core/cli.js'), 'install', 'chromium'], {
    cwd: root,
  });
}

/**
 * The Chromium for the browser tests: CHROMIUM_PATH, one on the PATH, Playwright's own, else a fresh one.
 *
 * @param {string} root
 * @returns {Promise<string>} path of the executable
 */
export async function ensureChromium(root) {
  let file = await find(root);
  if (!file && mayUseApt()) {
    await installByApt();
    file = await find(root);
  }
  if (!file) {
    await installByPlaywright(root);
    file = await find(root);
  }
  if (!file)
    throw new Error(
      'No Chromium was found and none could be installed: the browser tests cannot run. ' +
        'Install it (as root: apt-get install chromium) or set CHROMIUM_PATH to one, then run npm test again.',
    );
  say(`Chromium: ${file}`);
  return file;
}
