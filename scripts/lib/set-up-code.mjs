import { pbkdf2, randomBytes, randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * The most digits that the console's keypad takes. The hash is public; guessing 40 bits at this many rounds takes a graphics card
 * years.
 */
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

/**
 * Sees to it that the served folder has a set-up code: without one nobody can choose the first staff PIN. It is kept beside the
 * sources as well, so that the next build takes it along.
 *
 * @param {{ readonly sources: string, readonly served: string }} folders
 * @returns {Promise<string | null>} the new code; null where there was one
 * @throws {Error} where the served folder cannot be written
 */
export async function ensureSetUpCode({ sources, served }) {
  const [kept, used] = [join(sources, 'setup.json'), join(served, 'setup.json')];
  if (existsSync(used)) return null;
  if (existsSync(kept)) {
    await copyFile(kept, used);
    return null;
  }
  const code = await writeSetUpCode(served);
  // A user who serves what another user built may be allowed to write to neither folder.
  await copyFile(used, kept).catch(() => {});
  return code;
}
