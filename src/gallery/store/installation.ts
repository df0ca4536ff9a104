import { createTransform, keyStreamBytes, type Transform } from '@rounz/core/match/protect.ts';
import { z } from 'zod';
import { type Bytes, fromBase64, fromJsonBytes, jsonBytes, toBase64, toHex, utf8 } from '../crypto/bytes.ts';
import { newSecret } from '../crypto/seal.ts';
import type { GalleryDatabase, StoredKey } from './database.ts';
import type { FileStore } from './files.ts';
import { readTwofold, writeTwofold } from './twofold.ts';

z.config({ jitless: true });

const FILE = 'secrets';
const secretsSchema = z.record(z.string().regex(/^\d+$/), z.string().length(44));

/** The installation's secrets: keys that the page can use and not read, and the seed of its transform. */
export class Installation {
  /** AES-256-GCM */
  readonly device: CryptoKey;
  /** HMAC-SHA-256 */
  readonly #pepper: CryptoKey;
  readonly #files: FileStore;
  #seeds: Map<number, Bytes>;
  readonly #transforms = new Map<string, Promise<Transform>>();

  private constructor(device: CryptoKey, pepper: CryptoKey, files: FileStore, seeds: Map<number, Bytes>) {
    this.device = device;
    this.#pepper = pepper;
    this.#files = files;
    this.#seeds = seeds;
  }

  static async open(database: GalleryDatabase, files: FileStore): Promise<Installation> {
    const device = await deviceKey(database, 'device', () =>
      crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
    );
    const pepper = await deviceKey(database, 'pepper', () =>
      crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']),
    );
    return new Installation(device, pepper, files, await readSeeds(files, device));
  }

  /** A keyed digest that cannot be computed elsewhere. 32 bytes. */
  async digest(purpose: string, bytes: Bytes): Promise<Bytes> {
    const input = new Uint8Array([...utf8(`${purpose}\n`), ...bytes]);
    return new Uint8Array(await crypto.subtle.sign('HMAC', this.#pepper, input));
  }

  /** Tells one installation from another, and nothing of its keys. 16 hex digits. */
  async fingerprint(): Promise<string> {
    return toHex(await this.digest('installation', new Uint8Array())).slice(0, 16);
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
    await this.#writeSeeds(new Map(this.#seeds).set(epoch, newSecret()));
  }

  /** Erases the seeds of all other epochs, whose templates cannot be used any more. */
  async keepSeed(epoch: number): Promise<void> {
    const seed = this.#seeds.get(epoch);
    if (seed && this.#seeds.size > 1) await this.#writeSeeds(new Map([[epoch, seed]]));
  }

  /** @throws Error where that epoch's seed is gone */
  transform(epoch: number, width: number): Promise<Transform> {
    const name = `${epoch}/${width}`;
    const known = this.#transforms.get(name);
    if (known) return known;
    const seed = this.#seeds.get(epoch);
    if (!seed)
      return Promise.reject(
        new Error('Its transform was revoked or lost: the person must be enrolled anew.'),
      );
    const made = transformOf(seed, width);
    this.#transforms.set(name, made);
    return made;
  }

  /** The seed itself, for a backup. */
  seed(epoch: number): Bytes | undefined {
    return this.#seeds.get(epoch);
  }

  async #writeSeeds(seeds: Map<number, Bytes>): Promise<void> {
    const plain = jsonBytes(Object.fromEntries([...seeds].map(([epoch, seed]) => [epoch, toBase64(seed)])));
    await writeTwofold(this.#files, this.device, FILE, plain);
    this.#seeds = seeds;
    for (const name of this.#transforms.keys())
      if (!seeds.has(Number(name.split('/')[0]))) this.#transforms.delete(name);
  }
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

async function readSeeds(files: FileStore, device: CryptoKey): Promise<Map<number, Bytes>> {
  try {
    const plain = await readTwofold(files, device, FILE);
    if (!plain) return new Map();
    const parsed = secretsSchema.parse(fromJsonBytes(plain));
    return new Map(Object.entries(parsed).map(([epoch, seed]) => [Number(epoch), fromBase64(seed)]));
  } catch {
    // The templates are then reported as damaged; new ones get a new seed.
    return new Map();
  }
}
