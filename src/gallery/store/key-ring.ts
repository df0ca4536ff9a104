import { z } from 'zod';
import { type Bytes, fromBase64, fromJsonBytes, jsonBytes, toBase64 } from '../crypto/bytes.ts';
import { importSecret, newSecret, seal, unseal } from '../crypto/seal.ts';
import type { FileStore } from './files.ts';

z.config({ jitless: true });

export const SHARD_PREFIX = 'keys-';
/** characters of a key's id that choose its file: 256 files */
const SHARD_LENGTH = 2;

const shardSchema = z.record(z.uuid(), z.string().length(44));

const shardOf = (keyId: string): string => keyId.slice(0, SHARD_LENGTH);
export const shardBinding = (shard: string) => ['keys', shard] as const;

/**
 * A key for every sealed record, in small files that are replaced as a whole. To erase a person is to erase their keys: what
 * the database's log still holds of them opens with nothing any more.
 */
export class KeyRing {
  readonly #files: FileStore;
  readonly #device: CryptoKey;
  /** files read so far; a file is read when one of its keys is needed */
  readonly #shards = new Map<string, Promise<Map<string, Bytes>>>();
  /** existing files that were not read yet */
  readonly #unread: Set<string>;
  readonly #imported = new Map<string, Promise<CryptoKey>>();

  private constructor(files: FileStore, device: CryptoKey, shards: Iterable<string>) {
    this.#files = files;
    this.#device = device;
    this.#unread = new Set(shards);
  }

  /** A file that does not open loses its keys, and the records of those are then reported as damaged. */
  static async open(files: FileStore, device: CryptoKey): Promise<KeyRing> {
    const names = (await files.list()).filter((name) => name.startsWith(SHARD_PREFIX));
    return new KeyRing(
      files,
      device,
      names.map((name) => name.slice(SHARD_PREFIX.length)),
    );
  }

  #shard(shard: string): Promise<Map<string, Bytes>> {
    const known = this.#shards.get(shard);
    if (known) return known;
    const read = this.#unread.delete(shard) ? this.#read(shard) : Promise.resolve(new Map());
    this.#shards.set(shard, read);
    return read;
  }

  async #read(shard: string): Promise<Map<string, Bytes>> {
    const sealed = await this.#files.read(SHARD_PREFIX + shard);
    if (!sealed) return new Map();
    try {
      const plain = await unseal(this.#device, shardBinding(shard), sealed);
      const keys = Object.entries(shardSchema.parse(fromJsonBytes(plain)));
      return new Map(keys.map(([id, key]) => [id, fromBase64(key)]));
    } catch {
      // The error is thrown when one of its keys is needed.
      return new Map();
    }
  }

  /** A new key's id, in the file of that person's other keys. It is kept by `add`. */
  newId(personId: string): string {
    return shardOf(personId) + crypto.randomUUID().slice(SHARD_LENGTH);
  }

  /** @throws Error where the key is gone */
  async key(keyId: string): Promise<CryptoKey> {
    const known = this.#imported.get(keyId);
    if (known) return known;
    const secret = (await this.#shard(shardOf(keyId))).get(keyId);
    if (!secret) throw new Error('Its key is gone, so it can never be read again.');
    const imported = importSecret(secret);
    this.#imported.set(keyId, imported);
    return imported;
  }

  /** Makes and keeps a key for each id. They are on the disk when this resolves. */
  async add(keyIds: Iterable<string>): Promise<void> {
    await this.#change(keyIds, (keys, id) => keys.set(id, newSecret()));
  }

  /** Erases keys for good. */
  async remove(keyIds: Iterable<string>): Promise<void> {
    await this.#change(keyIds, (keys, id) => keys.delete(id));
  }

  /** Erases all others: those of a write that was cut off before it was confirmed, or of a deletion after it was. */
  async keepOnly(keyIds: ReadonlySet<string>): Promise<number> {
    const shards = await Promise.all(
      [...this.#shards.keys(), ...this.#unread].map((shard) => this.#shard(shard)),
    );
    const orphans = shards.flatMap((keys) => [...keys.keys()].filter((id) => !keyIds.has(id)));
    await this.remove(orphans);
    return orphans.length;
  }

  async #change(
    keyIds: Iterable<string>,
    change: (keys: Map<string, Bytes>, id: string) => void,
  ): Promise<void> {
    const byShard = new Map<string, string[]>();
    for (const id of keyIds) byShard.set(shardOf(id), [...(byShard.get(shardOf(id)) ?? []), id]);
    for (const [shard, ids] of byShard) {
      const keys = new Map(await this.#shard(shard));
      for (const id of ids) {
        change(keys, id);
        this.#imported.delete(id);
      }
      await this.#write(shard, keys);
      this.#shards.set(shard, Promise.resolve(keys));
    }
  }

  async #write(shard: string, keys: ReadonlyMap<string, Bytes>): Promise<void> {
    if (keys.size === 0) return this.#files.remove(SHARD_PREFIX + shard);
    const plain = jsonBytes(Object.fromEntries([...keys].map(([id, key]) => [id, toBase64(key)])));
    await this.#files.write(SHARD_PREFIX + shard, await seal(this.#device, shardBinding(shard), plain));
  }
}
