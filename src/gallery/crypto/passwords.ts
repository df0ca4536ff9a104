import type { GuessConfig } from '../config.ts';
import { type Bytes, utf8 } from './bytes.ts';

/** PBKDF2-HMAC-SHA-256 over a PIN or passphrase in NFKC, so that it is the same from every keyboard. 32 bytes. */
export async function stretch(secret: string, salt: Bytes, rounds: number): Promise<Bytes> {
  const base = await crypto.subtle.importKey('raw', utf8(secret.normalize('NFKC')), 'PBKDF2', false, [
    'deriveBits',
  ]);
  const parameters = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, base, 256));
}

/** Wrong tries in a row and when the next may be made, milliseconds since 1970. */
export interface Guesses {
  readonly failures: number;
  readonly retryAt: number | null;
}

export const noGuesses: Guesses = { failures: 0, retryAt: null };

export function failedOnce({ failures }: Guesses, now: number, config: GuessConfig): Guesses {
  const count = failures + 1;
  if (count < config.free) return { failures: count, retryAt: null };
  const delay = Math.min(config.maxDelay, config.firstDelay * 2 ** Math.min(30, count - config.free));
  return { failures: count, retryAt: now + delay };
}

/** Until when to wait, or null. A clock that was set back makes nobody wait longer than the longest delay. */
export function waitUntil({ retryAt }: Guesses, now: number, config: GuessConfig): number | null {
  if (retryAt === null || retryAt <= now) return null;
  return Math.min(retryAt, now + config.maxDelay);
}
