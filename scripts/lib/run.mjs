import { spawn } from 'node:child_process';
import { say } from './say.mjs';

/** Milliseconds of silence after which a step is reported as still running. */
const QUIET_LIMIT = 30_000;

/** @typedef {{ write(chunk: Buffer | string): unknown }} Out */

/**
 * Runs a command with its output on ours and tells of silence, so that nobody takes a slow step for a hung one.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, out?: Out, err?: Out }} [options] `out`, `err`: where the output goes
 *   instead
 * @returns {Promise<number>} its exit code; 127 where it could not be started
 */
export function run(
  command,
  args,
  { cwd, env = process.env, out = process.stdout, err = process.stderr } = {},
) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let heard = performance.now();
    /** @param {import('node:stream').Readable} from @param {Out} to */
    const pass = (from, to) =>
      from.on('data', (/** @type {Buffer} */ chunk) => {
        heard = performance.now();
        to.write(chunk);
      });
    pass(child.stdout, out);
    pass(child.stderr, err);
    const timer = setInterval(() => {
      if (performance.now() - heard < QUIET_LIMIT) return;
      heard = performance.now();
      say(`still at work: ${[command, ...args].slice(0, 3).join(' ')}`);
    }, 1000);
    /** @param {number} code */
    const finish = (code) => {
      clearInterval(timer);
      resolve(code);
    };
    child.on('error', (error) => {
      err.write(`${command} could not be started: ${error.message}\n`);
      finish(127);
    });
    child.on('close', (code) => finish(code ?? 1));
  });
}

/**
 * Runs a command and says in one line how it ended; its output follows where it failed.
 *
 * @param {string} name
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<boolean>} whether it ended with 0
 */
export async function check(name, command, args, options = {}) {
  /** @type {(Buffer | string)[]} */
  const written = [];
  const both = { write: (/** @type {Buffer | string} */ chunk) => written.push(chunk) };
  const code = await run(command, args, { ...options, out: both, err: both });
  say(`${code === 0 ? '✓' : '✗'} ${name}`);
  if (code !== 0) for (const chunk of written) process.stdout.write(chunk);
  return code === 0;
}
