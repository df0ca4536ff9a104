import { type Bytes, concat, jsonBytes, randomBytes } from './bytes.ts';

/** AES-256-GCM. bytes */
const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What sealed bytes belong to. It is authenticated with them, so that they open nowhere else. */
export type Binding = readonly (string | number)[];

export const newSecret = (): Bytes => randomBytes(KEY_BYTES);

export const importSecret = (secret: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', secret, 'AES-GCM', false, ['encrypt', 'decrypt']);

/** @returns nonce and ciphertext with its tag */
export async function seal(key: CryptoKey, binding: Binding, plain: Bytes): Promise<Bytes> {
  const iv = randomBytes(NONCE_BYTES);
  const parameters = { name: 'AES-GCM', iv, additionalData: jsonBytes(binding) };
  return concat(iv, new Uint8Array(await crypto.subtle.encrypt(parameters, key, plain)));
}

/**
 * @throws Error where a single bit of the bytes, the key or the binding is another than it was
 */
export async function unseal(key: CryptoKey, binding: Binding, sealed: Uint8Array): Promise<Bytes> {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new Error('It is too short to be sealed data.');
  const parameters = {
    name: 'AES-GCM',
    iv: Uint8Array.from(sealed.subarray(0, NONCE_BYTES)),
    additionalData: jsonBytes(binding),
  };
  try {
    const body = sealed.subarray(NONCE_BYTES) as Bytes;
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, body));
  } catch (error) {
    throw new Error('It does not open: bytes have changed since it was written, or its key is another.', {
      cause: error,
    });
  }
}
