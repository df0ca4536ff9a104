import { argon2id } from 'hash-wasm';
import type { PassphraseCost } from '../base/config.ts';
import { type Bytes, utf8 } from './bytes.ts';

/** PBKDF2-HMAC-SHA-256 over a PIN or passphrase in NFKC, so that it is the same from every keyboard. 32 bytes. */
export async function stretch(secret: string, salt: Bytes, rounds: number): Promise<Bytes> {
  const base = await crypto.subtle.importKey('raw', utf8(secret.normalize('NFKC')), 'PBKDF2', false, [
    'deriveBits',
  ]);
  const parameters = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, base, 256));
}

/** Argon2id (RFC 9106) over a passphrase in NFKC. 32 bytes. A browser has no such function of its own. */
export async function stretchByMemory(
  secret: string,
  salt: Bytes,
  { memory, passes }: PassphraseCost,
): Promise<Bytes> {
  const derived = await argon2id({
    password: utf8(secret.normalize('NFKC')),
    salt,
    iterations: passes,
    memorySize: memory,
    parallelism: 1,
    hashLength: 32,
    outputType: 'binary',
  });
  return Uint8Array.from(derived);
}
