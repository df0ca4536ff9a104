import { z } from 'zod';
import { fromBase64, toBase64 } from '../gallery/crypto/bytes.ts';
import { stretch } from '../gallery/crypto/passwords.ts';
import type { SetUpCode } from '../state/staff/set-up-code.ts';

/** `setup.json` beside the page: what `npm run setup:code` wrote. The code itself is not stored. */
const schema = z.strictObject({
  format: z.literal(1),
  salt: z.base64(),
  /** PBKDF2-HMAC-SHA-256 of the code, 32 bytes */
  hash: z.base64(),
  rounds: z.int().min(1).max(5_000_000),
});

/** @returns null where the installation has no code. @throws Error where it cannot be known */
async function read(): Promise<z.infer<typeof schema> | null> {
  const response = await fetch(new URL('setup.json', document.baseURI), { cache: 'no-store' });
  // Some servers answer an unknown path with the start page.
  const json = response.headers.get('Content-Type')?.includes('json') ?? false;
  if (response.status === 404 || (response.ok && !json)) return null;
  if (!response.ok)
    throw new Error(`setup.json cannot be read (HTTP ${response.status}), so no PIN can be chosen yet.`);
  return schema.parse(await response.json());
}

/** The set-up code of this installation, read anew each time it is asked for. */
export const servedSetUpCode: SetUpCode = {
  need: async () => ((await read()) === null ? 'missing' : 'code'),
  async fits(code) {
    const kept = await read();
    if (!kept) return false;
    return toBase64(await stretch(code, fromBase64(kept.salt), kept.rounds)) === kept.hash;
  },
};
