import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { say } from './say.mjs';

/** Milliseconds without a line of any command after which those that run are named. */
const QUIET_LIMIT = 30_000;
/** when a command last wrote something, milliseconds: of several that run at once, one is enough */
let heard = 0;

/** @typedef {{ write(chunk: Buffer | string): unknown }} Out */

/**
 * Hands text on in whole lines, so that two commands that run at once do not mix theirs.
 *
 * @param {Out} to
 */
export function wholeLines(to) {
  let rest = '';
  return {
    /** @param {Buffer | string} chunk */
    write(chunk) {
      const text = rest + chunk;
      const end = text.lastIndexOf('\n') + 1;
      rest = text.slice(end);
      if (end > 0) to.write(text.slice(0, end));
    },
    /** What is left without an end of line. */
    end() {
      if (rest) to.write(rest);
      rest = '';
    },
  };
}

/**
 * Runs a command with its output on ours and says that it still runs where nothing else is to be seen for long.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, out?: Out, err?: Out, nice?: number }} [options] `out`, `err`: where the
 *   output goes instead; `nice`: how far it steps back for others, 0 to 19
 * @returns {Promise<number>} its exit code; 127 where it could not be started
 */
export function run(
  command,
  args,
  { cwd, env = process.env, out = process.stdout, err = process.stderr, nice = 0 } = {},
) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    if (nice > 0 && child.pid !== undefined) setPriority(child.pid, nice);
    heard = performance.now();
    /** @param {import('node:stream').Readable} from @param {Out} to */
    const pass = (from, to) => {
      const lines = wholeLines(to);
      from.setEncoding('utf8');
      from.on('data', (/** @type {string} */ chunk) => {
        heard = performance.now();
        lines.write(chunk);
      });
      from.on('end', () => lines.end());
    };
    pass(child.stdout, out);
    pass(child.stderr, err);
    const timer = setInterval(() => {
      if (performance.now() - heard < QUIET_LIMIT) return;
      heard = performance.now();
      say(`still at work: ${nameOf([command, ...args])}`);
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

/** A command in short: without folders, its first three words. @param {readonly string[]} words */
const nameOf = (words) =>
  words
    .slice(0, 3)
    .map((word) => basename(word))
    .join(' ');

/**
 * Runs a command and says in one line how it ended; its output follows where it failed.
 *
 * @param {string} name
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, nice?: number }} [options]
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
