import { join } from 'node:path';
import { run } from './run.mjs';

/** The repository's root. */
export const ROOT = join(import.meta.dirname, '../..');

/** @param {string} path below node_modules */
export const tool = (path) => join(ROOT, 'node_modules', path);

/**
 * Runs an installed tool by this Node in the repository's root.
 *
 * @param {string} path its script, below node_modules
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env] variables beside ours
 * @param {number} [nice] how far it steps back for others, 0 to 19
 * @returns {Promise<number>} its exit code
 */
export const runTool = (path, args, env = {}, nice = 0) =>
  run(process.execPath, [tool(path), ...args], { cwd: ROOT, env: { ...process.env, ...env }, nice });

/** Runs a TypeScript program. @param {string} file below the root @param {readonly string[]} args @param {NodeJS.ProcessEnv} [env] */
export const runTypeScript = (file, args, env) =>
  runTool('tsx/dist/cli.mjs', [join(ROOT, file), ...args], env);
