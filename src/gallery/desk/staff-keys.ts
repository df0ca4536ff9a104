import { z } from 'zod';
import { importPrivate, importPublic, newBoxKeys } from '../crypto/box.ts';
import { type Bytes, fromBase64, randomBytes, toBase64 } from '../crypto/bytes.ts';
import { stretch } from '../crypto/passwords.ts';
import { importSecret, seal, unseal } from '../crypto/seal.ts';
import type { Storage } from '../store/storage.ts';

z.config({ jitless: true });

export const STAFF_META = 'staff';
/** lies in a file and not in the database, so that it is gone for good once there is a PIN */
const FIRST_KEY_FILE = 'staff-first';
const FIRST_BINDING = [FIRST_KEY_FILE] as const;
const WRAP_BINDING = ['staff private key'] as const;
/** bytes */
const SALT = 16;

const base64 = z.base64();
export const staffSchema = z.strictObject({
  publicKey: base64,
  /** absent until the first PIN */
  pin: z.strictObject({ salt: base64, rounds: z.int().positive(), wrapped: base64 }).nullable(),
});
export type StaffMeta = z.infer<typeof staffSchema>;

/** The key that a PIN gives on this device alone: PBKDF2, then this device's pepper. */
async function pinKey(storage: Storage, pin: string, salt: Bytes, rounds: number): Promise<CryptoKey> {
  const stretched = await stretch(pin, salt, rounds);
  return importSecret(await storage.installation.digest('staff pin', stretched));
}

/** Reads staff's keys, or makes them at the first start. @throws Error where they are damaged */
export const openStaffKeys = (storage: Storage): Promise<StaffMeta> =>
  storage.exclusively(() => readStaffKeys(storage));

async function readStaffKeys(storage: Storage): Promise<StaffMeta> {
  const known = await storage.meta.get(STAFF_META, staffSchema);
  const meta = known ?? (await firstKeys(storage));
  // Interrupted between the first PIN and here: the unprotected key is removed now.
  if (meta.pin) await storage.files.remove(FIRST_KEY_FILE);
  return meta;
}

async function firstKeys(storage: Storage): Promise<StaffMeta> {
  const { publicKey, privateKey } = await newBoxKeys();
  await storage.files.write(
    FIRST_KEY_FILE,
    await seal(storage.installation.device, FIRST_BINDING, privateKey),
  );
  const meta: StaffMeta = { publicKey: toBase64(publicKey), pin: null };
  await storage.meta.put(STAFF_META, meta);
  return meta;
}

/** The private key while there is no PIN. */
export async function readFirstKey(storage: Storage): Promise<Bytes> {
  const sealed = await storage.files.read(FIRST_KEY_FILE);
  if (!sealed) throw new Error('The key of the first start is gone.');
  return unseal(storage.installation.device, FIRST_BINDING, sealed);
}

export const forgetFirstKey = (storage: Storage): Promise<void> => storage.files.remove(FIRST_KEY_FILE);

/** Wraps the private key by a PIN. */
export async function wrapWithPin(
  storage: Storage,
  meta: StaffMeta,
  privateKey: Bytes,
  pin: string,
  rounds: number,
): Promise<StaffMeta> {
  const salt = randomBytes(SALT);
  const wrapped = await seal(await pinKey(storage, pin, salt, rounds), WRAP_BINDING, privateKey);
  return { ...meta, pin: { salt: toBase64(salt), rounds, wrapped: toBase64(wrapped) } };
}

/** The private key, or null where the PIN is wrong. */
export async function unwrapWithPin(storage: Storage, meta: StaffMeta, pin: string): Promise<Bytes | null> {
  if (!meta.pin) return null;
  const key = await pinKey(storage, pin, fromBase64(meta.pin.salt), meta.pin.rounds);
  return unseal(key, WRAP_BINDING, fromBase64(meta.pin.wrapped)).catch(() => null);
}

/** What closes boxes for staff. */
export const publicKeyOf = ({ publicKey }: StaffMeta): Promise<CryptoKey> =>
  importPublic(fromBase64(publicKey));

/** What opens them. */
export const usable = (privateKey: Bytes): Promise<CryptoKey> => importPrivate(privateKey);
