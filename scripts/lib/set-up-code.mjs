import { pbkdf2, randomBytes, randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** As many digits as the console's keypad takes: its hash is public, and 40 bits at this many rounds take a graphics card years. */
const DIGITS = 12;
const ROUNDS = 600_000;

/**
 * Writes `setup.json`; see `src/app/set-up-code.ts`.
 *
 * @param {string} folder
 * @returns {Promise<string>} the code
 */
export async function writeSetUpCode(folder) {
  const code = Array.from({ length: DIGITS }, () => randomInt(10)).join('');
  const salt = randomBytes(16);
  const hash = await promisify(pbkdf2)(code, salt, ROUNDS, 32, 'sha256');
  const note = { format: 1, salt: salt.toString('base64'), hash: hash.toString('base64'), rounds: ROUNDS };
  await writeFile(join(folder, 'setup.json'), `${JSON.stringify(note)}\n`);
  return code;
}
