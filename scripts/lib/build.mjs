import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';
import { say } from './say.mjs';

/** What the built kiosk is made from. */
const SOURCES = ['src', 'public', 'NOTICE', 'LICENSE', 'index.html', 'vite.config.ts', 'package-lock.json'];

/**
 * Newest change below a path, milliseconds since 1970; 0 where there is nothing.
 *
 * @param {string} path
 * @returns {number}
 */
function newestChange(path) {
  if (!existsSync(path)) return 0;
  const own = statSync(path);
  if (!own.isDirectory()) return own.mtimeMs;
  return Math.max(own.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

/** @param {string} root */
export const isBuilt = (root) =>
  newestChange(join(root, 'dist', 'index.html')) >
  Math.max(...SOURCES.map((path) => newestChange(join(root, path))));

/**
 * Builds the kiosk into dist/ and returns the exit code of the build.
 *
 * @param {string} root
 */
export function build(root) {
  say('Building the kiosk into dist/.');
  return run(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: root,
  });
}

/**
 * The bundler takes a # in a path for the start of a fragment. A kiosk that is built is served from such a folder all the same.
 *
 * @param {string} root
 * @throws {Error} that says what to do
 */
export function refuseHash(root) {
  if (root.includes('#'))
    throw new Error(
      `The kiosk cannot be built in ${root}: the bundler reads no path with a # in it. Rename the folder, or build elsewhere and ` +
        'copy dist/ here. Spaces and Korean are fine.',
    );
}

/** @param {string} root */
export async function ensureBuilt(root) {
  if (isBuilt(root)) return say('The kiosk is built.');
  refuseHash(root);
  const code = await build(root);
  if (code !== 0) throw new Error(`The build ended with code ${code}; the lines above say why.`);
}
