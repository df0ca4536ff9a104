import { createTransform, keyStreamBytes, type Transform } from '@rounz/core/match/protect.ts';
import { z } from 'zod';
import {
  type Bytes,
  concat,
  fromBase64,
  fromJsonBytes,
  jsonBytes,
  toBase64,
  toHex,
  utf8,
} from '../crypto/bytes.ts';
import { newSecret } from '../crypto/seal.ts';
import type { GalleryDatabase, StoredKey } from './database.ts';
import type { FileStore } from './files.ts';
import { newDeviceKey, rotateDeviceKey } from './rotate-device.ts';
import { readTwofold, writeTwofold } from './twofold.ts';

z.config({ jitless: true });

const FILE = 'secrets';
const secret = z.string().length(44);
/** By epoch. Seeds of earlier versions are the transform's own key; others give it together with a key of the device alone. */
const secretsSchema = z.record(
  z.string().regex(/^\d+$/),
  z.union([secret, z.strictObject({ bound: secret })]),
);

interface Seed {
  readonly secret: Bytes;
  readonly bound: boolean;
}
type Seeds = ReadonlyMap<number, Seed>;

interface Peppers {
  readonly pepper: CryptoKey;
  readonly pinPepper: CryptoKey;
  readonly pinPepperId: string;
}

/** hex digits that tell one key from another */
const KEY_ID = 16;

/** A keyed digest. 32 bytes. */
export type Digest = (purpose: string, bytes: Bytes) => Promise<Bytes>;

/** The installation's secrets: keys that the page can use and not read, and the seed of its transform. */
export class Installation {
  /** AES-256-GCM */
  readonly device: CryptoKey;
  /** HMAC-SHA-256 */
  #pepper: CryptoKey;
  /** HMAC-SHA-256; outlives re-keys, because nobody knows the PINs that are hashed with it */
  readonly #pinPepper: CryptoKey;
  /** which one it is, hex: it says nothing of the key */
  readonly pinPepperId: string;
  readonly #database: GalleryDatabase;
  readonly #files: FileStore;
  #seeds: Seeds;
  readonly #transforms = new Map<string, Promise<Transform>>();

  private constructor(
    device: CryptoKey,
    { pepper, pinPepper, pinPepperId }: Peppers,
    { database, files, seeds }: { database: GalleryDatabase; files: FileStore; seeds: Seeds },
  ) {
    this.device = device;
    this.#pepper = pepper;
    this.#pinPepper = pinPepper;
    this.pinPepperId = pinPepperId;
    this.#database = database;
    this.#files = files;
    this.#seeds = seeds;
  }

  static async open(database: GalleryDatabase, files: FileStore): Promise<Installation> {
    await rotateDeviceKey(database, files);
    const device = await deviceKey(database, 'device', newDeviceKey);
    const pepper = await deviceKey(database, 'pepper', newMacKey);
    const pinPepper = await deviceKey(database, 'pin-pepper', newMacKey);
    const pinPepperId = toHex(await mac(pinPepper, 'id', new Uint8Array())).slice(0, KEY_ID);
    const seeds = await readSeeds(files, device);
    return new Installation(device, { pepper, pinPepper, pinPepperId }, { database, files, seeds });
  }

  /** A keyed digest that cannot be computed elsewhere. 32 bytes. */
  async digest(purpose: string, bytes: Bytes): Promise<Bytes> {
    return mac(this.#pepper, purpose, bytes);
  }

  /** What a customer's stretched PIN is compared by. No backup carries the key: whoever has one cannot try PINs. */
  pinDigest(stretched: Bytes): Promise<Bytes> {
    return mac(this.#pinPepper, 'customer pin', stretched);
  }

  /** A keyed digest that ends with its epoch, by the device's older key where the epoch is of an earlier version. */
  async epochDigest(epoch: number, purpose: string, bytes: Bytes): Promise<Bytes> {
    if (!this.#seeds.get(epoch)?.bound) return this.digest(purpose, bytes);
    return mac(await this.#epochKey(epoch), purpose, bytes);
  }

  /** Another key for `digest`, once it is written. */
  adoptPepper(pepper: CryptoKey): void {
    this.#pepper = pepper;
  }

  /** Tells one installation from another, and nothing of its keys: of the pepper of now; `Storage.fingerprint` outlives it. 16 hex digits. */
  async fingerprint(): Promise<string> {
    return toHex(await this.digest('installation', new Uint8Array())).slice(0, KEY_ID);
  }

  hasSeed(epoch: number): boolean {
    return this.#seeds.has(epoch);
  }

  /** The newest epoch whose seed is there; -1: none. */
  newestEpoch(): number {
    return Math.max(-1, ...this.#seeds.keys());
  }

  /** Makes the seed of a new epoch, beside the others. It is on the disk when this resolves. */
  async addSeed(epoch: number): Promise<void> {
    await deviceKey(this.#database, `transform-${epoch}`, newMacKey);
    await this.#writeSeeds(new Map(this.#seeds).set(epoch, { secret: newSecret(), bound: true }));
  }

  /** Erases the seeds of all other epochs, whose templates cannot be used any more. */
  async keepSeed(epoch: number): Promise<void> {
    const seed = this.#seeds.get(epoch);
    if (!seed || this.#seeds.size <= 1) return;
    const others = [...this.#seeds.keys()].filter((other) => other !== epoch);
    await this.#writeSeeds(new Map([[epoch, seed]]));
    await this.#database.keys.bulkDelete(others.map((other) => `transform-${other}` as const));
  }

  /** @throws Error where that epoch's seed is gone */
  transform(epoch: number, width: number): Promise<Transform> {
    const name = `${epoch}/${width}`;
    const known = this.#transforms.get(name);
    if (known) return known;
    const seed = this.#seeds.get(epoch);
    if (!seed)
      return Promise.reject(
        new Error('Its transform was replaced or lost: the person must be enrolled anew.'),
      );
    const made = this.#transformKey(epoch, seed).then((key) => transformOf(key, width));
    this.#transforms.set(name, made);
    return made;
  }

  async #transformKey(epoch: number, { secret, bound }: Seed): Promise<Bytes> {
    if (!bound) return secret;
    return mac(await this.#epochKey(epoch), 'transform', secret);
  }

  async #epochKey(epoch: number): Promise<CryptoKey> {
    const stored = await this.#database.keys.get(`transform-${epoch}`);
    if (!stored) throw new Error('The key of its transform is gone: the person must be enrolled anew.');
    return stored.key;
  }

  async #writeSeeds(seeds: Seeds): Promise<void> {
    const entries = [...seeds].map(([epoch, { secret, bound }]) => {
      const text = toBase64(secret);
      return [epoch, bound ? { bound: text } : text];
    });
    const plain = jsonBytes(Object.fromEntries(entries));
    await writeTwofold(this.#files, this.device, FILE, plain);
    this.#seeds = seeds;
    for (const name of this.#transforms.keys())
      if (!seeds.has(Number(name.split('/')[0]))) this.#transforms.delete(name);
  }
}

/** HMAC-SHA-256, not extractable. */
export const newMacKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);

export async function mac(key: CryptoKey, purpose: string, bytes: Bytes): Promise<Bytes> {
  const input = concat(utf8(`${purpose}\n`), bytes);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, input));
}

/** Expands a seed by AES-256-CTR into the key stream of the transform. */
export async function transformOf(seed: Bytes, width: number): Promise<Transform> {
  const key = await crypto.subtle.importKey('raw', seed, 'AES-CTR', false, ['encrypt']);
  const counter = new Uint8Array(16);
  // Another stream for each width, far enough apart never to meet.
  new DataView(counter.buffer).setUint32(0, width);
  const zeros = new Uint8Array(keyStreamBytes(width));
  const stream = await crypto.subtle.encrypt({ name: 'AES-CTR', counter, length: 64 }, key, zeros);
  return createTransform(width, new Uint8Array(stream));
}

async function deviceKey(
  database: GalleryDatabase,
  id: StoredKey['id'],
  make: () => Promise<CryptoKey>,
): Promise<CryptoKey> {
  const stored = await database.keys.get(id);
  if (stored) return stored.key;
  const key = await make();
  // If another window was quicker, its key is used.
  return database.transaction('rw', database.keys, async () => {
    const there = await database.keys.get(id);
    if (there) return there.key;
    await database.keys.add({ id, key });
    return key;
  });
}

async function readSeeds(files: FileStore, device: CryptoKey): Promise<Seeds> {
  try {
    const plain = await readTwofold(files, device, FILE);
    if (!plain) return new Map();
    const parsed = secretsSchema.parse(fromJsonBytes(plain));
    return new Map(
      Object.entries(parsed).map(([epoch, seed]) => {
        const bound = typeof seed !== 'string';
        return [Number(epoch), { secret: fromBase64(bound ? seed.bound : seed), bound }];
      }),
    );
  } catch {
    // The templates are then reported as damaged; new ones get a new seed.
    return new Map();
  }
}
