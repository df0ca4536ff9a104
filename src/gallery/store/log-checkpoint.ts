import { z } from 'zod';
import { type Bytes, fromBase64, jsonBytes, toBase64 } from '../crypto/bytes.ts';
import { headSchema, type LogHead } from './access-log.ts';

z.config({ jitless: true });

/** Where the log began and ended when staff opened or locked the console, signed with their key. */
export const checkpointSchema = z.strictObject({
  /** the last line that was removed after its time; lines begin after it */
  base: headSchema,
  head: headSchema,
  /** ISO 8601, UTC */
  at: z.iso.datetime(),
  /** ECDSA P-256 with SHA-256 */
  signature: z.base64(),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;

/**
 * Signs with the private key that also opens staff's boxes. One key for both is sound for ECDSA and this kind of encryption:
 * Degabriele, Lehmann, Paterson, Smart and Strefler, On the Joint Security of Encryption and Signature in EMV, CT-RSA 2012.
 *
 * @param pkcs8 as `newBoxKeys` makes it
 */
export const signerOf = (pkcs8: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('pkcs8', pkcs8, ECDSA, false, ['sign']);

/** @param raw the point of the public key */
export const verifierOf = (raw: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', raw, ECDSA, false, ['verify']);

const signed = ({ base, head, at }: Omit<Checkpoint, 'signature'>): Bytes =>
  jsonBytes(['log checkpoint', base.seq, base.hash, head.seq, head.hash, at]);

export async function signCheckpoint(
  signer: CryptoKey,
  base: LogHead,
  head: LogHead,
  at: string,
): Promise<Checkpoint> {
  const content = { base, head, at };
  const signature = new Uint8Array(await crypto.subtle.sign(SIGNATURE, signer, signed(content)));
  return { ...content, signature: toBase64(signature) };
}

/** Whether staff's key made it. */
export const isSigned = (verifier: CryptoKey, checkpoint: Checkpoint): Promise<boolean> =>
  crypto.subtle.verify(SIGNATURE, verifier, fromBase64(checkpoint.signature), signed(checkpoint));
