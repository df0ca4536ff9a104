import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmCli } from './platform.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';

/** @typedef {Readonly<Record<string, { version?: string, optional?: boolean }>>} Packages */

/** @param {string} file a lock file @returns {Packages} */
const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

/**
 * Whether node_modules holds what package-lock.json asks for. npm keeps its own list of what it installed; packages for
 * other platforms are rightly missing from it.
 *
 * @param {string} root
 */
export function isInstalled(root) {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const installed = packagesOf(installedFile);
  return Object.entries(packagesOf(join(root, 'package-lock.json')))
    .filter(([path, wanted]) => path.includes('node_modules/') && !wanted.optional)
    .every(([path, wanted]) => installed[path]?.version === wanted.version);
}

/**
 * Installs the dependencies where they are missing or out of date. No package needs its install script: the binaries of
 * esbuild, Biome and the like come as optional dependencies.
 *
 * @param {string} root
 */
export async function ensureInstalled(root) {
  if (isInstalled(root)) return say('The dependencies are installed.');
  say('Installing the dependencies with npm; a minute or two the first time.');
  // Not `npm ci`: it refuses a lock file without every other system's binaries, and some registries' mirrors lack them.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const code = await run(process.execPath, [npmCli(), ...args], { cwd: root });
  if (code === 0) return;
  throw new Error(
    `npm install ended with code ${code}: the dependencies are not installed. ` +
      'See the lines above; mostly the registry could not be reached. Then run this command again.',
  );
}
