import { existsSync } from 'node:fs';
import path from 'node:path';

/** Everything that differs between Windows, macOS and Linux. Nothing else in the scripts asks for the platform. */

/**
 * @typedef {object} Machine
 * @property {NodeJS.Platform} platform
 * @property {string} execPath of Node
 * @property {Readonly<Record<string, string | undefined>>} env
 * @property {(file: string) => boolean} exists
 */

/** @type {Machine} */
const HERE = { platform: process.platform, execPath: process.execPath, env: process.env, exists: existsSync };

/** @param {Machine} machine the path rules of its platform */
const pathsOf = ({ platform }) => (platform === 'win32' ? path.win32 : path.posix);

/** Folders of the PATH. @param {Machine} machine */
const searchPath = (machine) =>
  (machine.env['PATH'] ?? machine.env['Path'] ?? '').split(pathsOf(machine).delimiter).filter(Boolean);

/**
 * npm as a program that Node runs. On Windows `npm` is a batch file, which `spawn` refuses since Node 20.12 (CVE-2024-27980), and
 * a shell would take spaces and `&` in a path for its own.
 *
 * @param {Machine} [machine]
 * @returns {string} path of npm-cli.js
 * @throws {Error} where there is no npm
 */
export function npmCli(machine = HERE) {
  const { execPath, env, exists } = machine;
  const { basename, dirname, join } = pathsOf(machine);
  const started = env['npm_execpath'];
  const inside = ['npm', 'bin', 'npm-cli.js'];
  const places = [
    // pnpm and Yarn set the variable too.
    ...(started && basename(started) === 'npm-cli.js' ? [started] : []),
    // Windows: beside node.exe. Elsewhere: in the lib folder beside bin. Then beside each folder of the PATH: not every Node has npm.
    ...[dirname(execPath), ...searchPath(machine)].flatMap((folder) => [
      join(folder, 'node_modules', ...inside),
      join(folder, '..', 'lib', 'node_modules', ...inside),
    ]),
    // Debian's.
    join('/usr/share/nodejs', ...inside),
  ];
  const found = places.find(exists);
  if (found) return found;
  throw new Error(
    `npm was not found beside Node (${execPath}). Install Node with npm, or start this command by npm itself: npm start.`,
  );
}

/** Names of a Chromium on the PATH. */
const NAMES = {
  posix: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  win32: ['chrome.exe', 'chromium.exe', 'msedge.exe'],
};

/**
 * Where a Chromium may lie, the likeliest first.
 *
 * @param {Machine} [machine]
 * @returns {string[]}
 */
export function chromiumPlaces(machine = HERE) {
  const { platform } = machine;
  const { join } = pathsOf(machine);
  const names = platform === 'win32' ? NAMES.win32 : NAMES.posix;
  const onPath = searchPath(machine).flatMap((folder) => names.map((name) => join(folder, name)));
  if (platform === 'win32') return [...onPath, ...windowsPlaces(machine)];
  if (platform !== 'darwin') return onPath;
  const apps = ['Google Chrome', 'Chromium'];
  return [...onPath, ...apps.map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`)];
}

/** @param {Machine} machine */
function windowsPlaces({ env }) {
  const roots = [env['ProgramFiles'], env['ProgramFiles(x86)'], env['LOCALAPPDATA']];
  const programs = [
    ['Google', 'Chrome', 'Application', 'chrome.exe'],
    ['Chromium', 'Application', 'chrome.exe'],
    ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
  ];
  return programs.flatMap((parts) =>
    roots.flatMap((root) => (root ? [path.win32.join(root, ...parts)] : [])),
  );
}

/** Whether this system's packages can be installed by apt-get, by us. @param {Machine} [machine] */
export const mayUseApt = ({ platform, exists } = HERE) =>
  platform === 'linux' && process.getuid?.() === 0 && exists('/usr/bin/apt-get');
