import { z } from 'zod';
import type { StaffName } from '../contract/lock.ts';
import { closeBox, importPrivate, importPublic, newBoxKeys, openBox } from '../crypto/box.ts';
import { type Bytes, fromBase64, randomBytes, toBase64 } from '../crypto/bytes.ts';
import { stretch } from '../crypto/passwords.ts';
import { type Binding, importSecret, seal, unseal } from '../crypto/seal.ts';
import type { LogKeys } from '../store/access-log.ts';
import type { Digest } from '../store/installation.ts';
import type { Storage } from '../store/storage.ts';
import { readTwofold, removeTwofold, writeTwofold } from '../store/twofold.ts';

z.config({ jitless: true });

const STAFF_META = 'staff';
/** written together with it, and read where it is damaged */
const STAFF_COPY = 'staff-copy';
/** lies in a file and not in the database, so that it is gone for good once there is a PIN */
const FIRST_KEY_FILE = 'staff-first';
/** bytes */
const SALT = 16;

const base64 = z.base64();
const wrapSchema = z.strictObject({ salt: base64, rounds: z.int().positive(), wrapped: base64 });
type Wrap = z.infer<typeof wrapSchema>;

const staffSchema = z.strictObject({
  publicKey: base64,
  /** the main PIN; absent until it is chosen */
  pin: wrapSchema.nullable(),
  /** absent in what earlier versions wrote: one PIN for everybody, which is the main one now */
  members: z
    .array(
      z.strictObject({
        id: z.uuid(),
        name: z.string().min(1),
        /** null: new keys were made since, and nobody but they know their PIN */
        pin: wrapSchema.nullable(),
      }),
    )
    .default([]),
  /** private keys of before, in boxes for the one of now: lines of the log up to `until` are sealed to them */
  former: z.array(z.strictObject({ until: z.int().nonnegative(), box: base64 })).default([]),
});
export type StaffMeta = z.infer<typeof staffSchema>;

/** What a PIN opens: the same private key for everybody, wrapped for each PIN by itself. */
interface Owner {
  readonly by: StaffName;
  readonly pin: Wrap;
  /** of the digest that makes the key */
  readonly purpose: string;
  readonly binding: Binding;
}

const MAIN = { by: 'main', purpose: 'staff pin', binding: ['staff private key'] } as const;

const memberOwner = (id: string, name: string) => ({
  by: { id, name },
  purpose: `staff pin ${id}`,
  binding: ['staff private key', id],
});

const owners = ({ pin, members }: StaffMeta): readonly Owner[] => [
  ...(pin ? [{ ...MAIN, pin }] : []),
  ...members.flatMap(({ id, name, pin: own }) => (own ? [{ ...memberOwner(id, name), pin: own }] : [])),
];

/** The key that a PIN gives on this device alone: PBKDF2, then this device's pepper. */
const keyOf = async (digest: Digest, stretched: Bytes, purpose: string): Promise<CryptoKey> =>
  importSecret(await digest(purpose, stretched));

/** What a former private key is boxed as. */
const FORMER: Binding = ['former staff private key'];

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
  const meta: StaffMeta = { publicKey: toBase64(publicKey), pin: null, members: [], former: [] };
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

/** Wraps the private key by a PIN, for the main one or a member; theirs of before is replaced. */
export async function wrapWithPin(
  digest: Digest,
  meta: StaffMeta,
  privateKey: Bytes,
  { by, pin }: { readonly by: StaffName; readonly pin: string },
  rounds: number,
): Promise<StaffMeta> {
  // One salt for all, so that a typed PIN is stretched once and not once for each member.
  const salt = meta.pin?.rounds === rounds ? fromBase64(meta.pin.salt) : randomBytes(SALT);
  const { purpose, binding } = by === 'main' ? MAIN : memberOwner(by.id, by.name);
  const key = await keyOf(digest, await stretch(pin, salt, rounds), purpose);
  const wrapped = toBase64(await seal(key, binding, privateKey));
  const wrap: Wrap = { salt: toBase64(salt), rounds, wrapped };
  if (by === 'main') return { ...meta, pin: wrap };
  const others = meta.members.filter(({ id }) => id !== by.id);
  return { ...meta, members: [...others, { id: by.id, name: by.name, pin: wrap }] };
}

/** The private key, and whose PIN it was; null where the PIN is nobody's. */
export async function unwrapWithPin(
  digest: Digest,
  meta: StaffMeta,
  pin: string,
): Promise<{ readonly privateKey: Bytes; readonly by: StaffName } | null> {
  const stretched = new Map<string, Promise<Bytes>>();
  const stretchedBy = ({ salt, rounds }: Wrap): Promise<Bytes> => {
    const name = `${salt}/${rounds}`;
    const known = stretched.get(name) ?? stretch(pin, fromBase64(salt), rounds);
    stretched.set(name, known);
    return known;
  };
  const tried = await Promise.all(
    owners(meta).map(async ({ by, pin: wrap, purpose, binding }) => {
      const key = await keyOf(digest, await stretchedBy(wrap), purpose);
      const privateKey = await unseal(key, binding, fromBase64(wrap.wrapped)).catch(() => null);
      return privateKey && { privateKey, by };
    }),
  );
  return tried.find((one) => one !== null) ?? null;
}

/** What closes boxes for staff. */
export const publicKeyOf = ({ publicKey }: StaffMeta): Promise<CryptoKey> =>
  importPublic(fromBase64(publicKey));

/** What opens them. */
export const usable = (privateKey: Bytes): Promise<CryptoKey> => importPrivate(privateKey);

/** The keys that open lines of the log; a former one that does not open leaves its lines unreadable. */
export async function logKeysOf(meta: StaffMeta, current: CryptoKey): Promise<LogKeys> {
  const former = await Promise.all(
    meta.former.map(async ({ until, box }) => ({
      until,
      key: await openBox(current, FORMER, fromBase64(box)).then(importPrivate, () => null),
    })),
  );
  return { current, former };
}

/** What new keys take. */
export interface Renewal {
  /** the private key of now */
  readonly privateKey: Bytes;
  /** the main PIN, which stays */
  readonly pin: string;
  readonly rounds: number;
  /** with the new pepper */
  readonly digest: Digest;
  /** numbers of the first line of the log that is kept, and of the last one that is sealed to the key of now */
  readonly lines: { readonly first: number; readonly last: number };
}

/**
 * A new pair of keys. The main PIN opens it; members get their PINs anew, because nobody else knows them. Nothing is written.
 */
export async function renewedKeys(
  meta: StaffMeta,
  { privateKey, pin, rounds, digest, lines }: Renewal,
): Promise<{ readonly meta: StaffMeta; readonly privateKey: Bytes }> {
  const pair = await newBoxKeys();
  const [current, next] = await Promise.all([importPrivate(privateKey), importPublic(pair.publicKey)]);
  const boxed = async (until: number, key: Bytes) => ({
    until,
    box: toBase64(await closeBox(next, FORMER, key)),
  });
  const before = await Promise.all(
    meta.former
      .filter(({ until }) => until >= lines.first)
      .map(async ({ until, box }) => {
        const key = await openBox(current, FORMER, fromBase64(box)).catch(() => null);
        return key ? [await boxed(until, key)] : [];
      }),
  );
  const renewed: StaffMeta = {
    publicKey: toBase64(pair.publicKey),
    pin: null,
    members: meta.members.map(({ id, name }) => ({ id, name, pin: null })),
    former: [...before.flat(), await boxed(lines.last, privateKey)],
  };
  const wrapped = await wrapWithPin(digest, renewed, pair.privateKey, { by: 'main', pin }, rounds);
  return { meta: wrapped, privateKey: pair.privateKey };
}
