import { spawn } from 'node:child_process';
import { say } from './say.mjs';

/** A step that says nothing for this long is announced to be still at work, milliseconds. */
const QUIET_LIMIT = 20_000;

/**
 * Runs a command with its output on ours and tells of silence, so that nobody takes a slow step for a hung one.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit code; 127 where it could not be started
 */
export function run(command, args, { cwd, env = process.env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let heard = performance.now();
    const pass = (stream, out) =>
      stream.on('data', (chunk) => {
        heard = performance.now();
        out.write(chunk);
      });
    pass(child.stdout, process.stdout);
    pass(child.stderr, process.stderr);
    const timer = setInterval(() => {
      if (performance.now() - heard < QUIET_LIMIT) return;
      heard = performance.now();
      say(`still at work: ${[command, ...args].slice(0, 3).join(' ')}`);
    }, 1000);
    const finish = (code) => {
      clearInterval(timer);
      resolve(code);
    };
    child.on('error', (error) => {
      process.stderr.write(`${command} could not be started: ${error.message}\n`);
      finish(127);
    });
    child.on('close', (code) => finish(code ?? 1));
  });
}
