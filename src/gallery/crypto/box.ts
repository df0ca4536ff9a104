import { type Bytes, concat, utf8 } from './bytes.ts';
import { type Binding, seal, unseal } from './seal.ts';

/**
 * Boxes that everybody may close and staff alone can open: an ephemeral ECDH P-256 key for each box, HKDF-SHA-256, AES-256-GCM
 * (the pattern of RFC 9180's base mode).
 */
const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const;
/** bytes of an uncompressed point */
const POINT_BYTES = 65;
const INFO = utf8('rounz-gallery staff box 1');

export interface BoxKeys {
  /** raw point */
  readonly publicKey: Bytes;
  /** PKCS #8 */
  readonly privateKey: Bytes;
}

export async function newBoxKeys(): Promise<BoxKeys> {
  const pair = await crypto.subtle.generateKey(CURVE, true, ['deriveBits']);
  return {
    publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)),
    privateKey: new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey)),
  };
}

export const importPublic = (point: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', point, CURVE, true, []);
export const importPrivate = (pkcs8: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('pkcs8', pkcs8, CURVE, false, ['deriveBits']);

async function sharedKey(own: CryptoKey, other: CryptoKey, salt: Bytes): Promise<CryptoKey> {
  const bits = await crypto.subtle.deriveBits({ name: 'ECDH', public: other }, own, 256);
  const base = await crypto.subtle.importKey('raw', bits, 'HKDF', false, ['deriveKey']);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt, info: INFO };
  return crypto.subtle.deriveKey(parameters, base, { name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
}

export async function closeBox(to: CryptoKey, binding: Binding, plain: Bytes): Promise<Bytes> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return concat(point, await seal(await sharedKey(pair.privateKey, to, point), binding, plain));
}

/** @throws Error where the box was tampered with or belongs to others */
export async function openBox(own: CryptoKey, binding: Binding, box: Uint8Array): Promise<Bytes> {
  const point = box.slice(0, POINT_BYTES) as Bytes;
  const key = await sharedKey(own, await importPublic(point), point);
  return unseal(key, binding, box.subarray(POINT_BYTES));
}
