import { z } from 'zod';
import { importPrivate, importPublic, newBoxKeys } from '../crypto/box.ts';
import { type Bytes, fromBase64, randomBytes, toBase64 } from '../crypto/bytes.ts';
import { stretch } from '../crypto/passwords.ts';
import { importSecret, seal, unseal } from '../crypto/seal.ts';
import type { Storage } from '../store/storage.ts';
import { readTwofold, removeTwofold, writeTwofold } from '../store/twofold.ts';

z.config({ jitless: true });

const STAFF_META = 'staff';
/** written together with it, and read where it is damaged */
const STAFF_COPY = 'staff-copy';
/** lies in a file and not in the database, so that it is gone for good once there is a PIN */
const FIRST_KEY_FILE = 'staff-first';
const WRAP_BINDING = ['staff private key'] as const;
/** bytes */
const SALT = 16;

const base64 = z.base64();
const staffSchema = z.strictObject({
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
  const known = await readMeta(storage);
  const meta = known ?? (await firstKeys(storage));
  // Interrupted between the first PIN and here: the unprotected key is removed now.
  if (meta.pin) await forgetFirstKey(storage);
  return meta;
}

/** What a change of staff's keys writes. */
export const staffRows = (meta: StaffMeta): readonly { readonly id: string; readonly value: StaffMeta }[] =>
  [STAFF_META, STAFF_COPY].map((id) => ({ id, value: meta }));

/** The keys, or their copy where they are missing or damaged; what is not as it should be is mended. */
async function readMeta({ meta }: Storage): Promise<StaffMeta | null> {
  const read = (id: string) =>
    meta.get(id, staffSchema).then(
      (value) => ({ value, error: null }),
      (error: unknown) => ({ value: null, error }),
    );
  const [kept, copy] = [await read(STAFF_META), await read(STAFF_COPY)];
  const known = kept.value ?? copy.value;
  if (!known && (kept.error ?? copy.error)) throw kept.error ?? copy.error;
  if (known && !(kept.value && JSON.stringify(kept.value) === JSON.stringify(copy.value)))
    for (const { id, value } of staffRows(known)) await meta.put(id, value).catch(() => {});
  return known;
}

async function firstKeys(storage: Storage): Promise<StaffMeta> {
  const { publicKey, privateKey } = await newBoxKeys();
  await writeTwofold(storage.files, storage.installation.device, FIRST_KEY_FILE, privateKey);
  const meta: StaffMeta = { publicKey: toBase64(publicKey), pin: null };
  for (const { id, value } of staffRows(meta)) await storage.meta.put(id, value);
  return meta;
}

/** The private key while there is no PIN. */
export async function readFirstKey(storage: Storage): Promise<Bytes> {
  const key = await readTwofold(storage.files, storage.installation.device, FIRST_KEY_FILE);
  if (!key) throw new Error('The key of the first start is gone.');
  return key;
}

export const forgetFirstKey = ({ files }: Storage): Promise<void> => removeTwofold(files, FIRST_KEY_FILE);

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
