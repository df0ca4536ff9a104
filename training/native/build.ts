import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorMessage } from '@rounz/core/error-message.ts';

/** oneDNN as Intel publishes it for Python (Apache-2.0): headers and a shared library that needs only GNU OpenMP. */
const ONEDNN_WHEELS = ['onednn-cpu-gomp==2023.2.0', 'onednn-devel-cpu-gomp==2023.2.0'];

const here = dirname(fileURLToPath(import.meta.url));
const buildFolder = join(here, 'build');

/** Where the compiled addon lies. */
export const ADDON = join(buildFolder, 'kernels.node');

const source = join(here, 'kernels.cc');

/** Which sources these are; an addon knows those that it was compiled from. */
export function sourceVersion(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(here).sort())
    if (/\.(cc|h)$/.test(name)) hash.update(readFileSync(join(here, name)));
  return hash.digest('hex').slice(0, 16);
}

function run(command: string, args: readonly string[], what: string): void {
  try {
    execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  } catch (error) {
    const detail = errorMessage(error);
    throw new Error(`The native kernels could not be built: ${what} failed (${detail}).`, { cause: error });
  }
}

/** Downloads and unpacks oneDNN's wheels; returns the folder with `include` and `lib`. */
function fetchOneDnn(): string {
  const target = join(buildFolder, 'onednn');
  if (existsSync(join(target, 'lib'))) return target;
  const download = mkdtempSync(join(tmpdir(), 'onednn-'));
  try {
    run(
      'python3',
      ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', download, ...ONEDNN_WHEELS],
      'fetching oneDNN with pip',
    );
    const unpacked = join(download, 'unpacked');
    for (const wheel of readdirSync(download).filter((name) => name.endsWith('.whl'))) {
      run('python3', ['-m', 'zipfile', '-e', join(download, wheel), unpacked], `unpacking ${wheel}`);
    }
    for (const folder of readdirSync(unpacked)) {
      const data = join(unpacked, folder, 'data');
      if (existsSync(data)) run('cp', ['-R', `${data}/.`, target], 'copying oneDNN');
    }
  } finally {
    rmSync(download, { recursive: true, force: true });
  }
  return target;
}

/**
 * Compiles `kernels.cc` for this machine. Needs g++ and either `ONEDNN_ROOT` (a folder with oneDNN 3's `include` and `lib`) or
 * python3 with pip.
 *
 * @throws Error that names the step that failed
 */
export function buildAddon(): void {
  mkdirSync(buildFolder, { recursive: true });
  const root = process.env['ONEDNN_ROOT'] ?? fetchOneDnn();
  const require = createRequire(import.meta.url);
  const nodeApi = dirname(require.resolve('node-api-headers/package.json'));
  const lib = join(root, 'lib');
  const flags = '-O3 -march=native -ffast-math -fno-finite-math-only -std=c++17 -fopenmp -shared -fPIC'.split(
    ' ',
  );
  const version = `-DROUNZ_SOURCE="${sourceVersion()}"`;
  const includes = [`-I${join(nodeApi, 'include')}`, `-I${join(root, 'include')}`];
  const libraries = [`-L${lib}`, '-l:libdnnl.so.3', `-Wl,-rpath,${lib}`];
  // A running trainer keeps the old file: the new one takes only its name.
  const fresh = `${ADDON}.new`;
  run('g++', [...flags, version, ...includes, source, ...libraries, '-o', fresh], 'g++');
  renameSync(fresh, ADDON);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  buildAddon();
  console.log('Built the native training kernels.');
}
