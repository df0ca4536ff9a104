import { type Bytes, utf8 } from './bytes.ts';

/** PBKDF2-HMAC-SHA-256 over a PIN or passphrase in NFKC, so that it is the same from every keyboard. 32 bytes. */
export async function stretch(secret: string, salt: Bytes, rounds: number): Promise<Bytes> {
  const base = await crypto.subtle.importKey('raw', utf8(secret.normalize('NFKC')), 'PBKDF2', false, [
    'deriveBits',
  ]);
  const parameters = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, base, 256));
}
