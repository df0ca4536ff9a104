import type { z } from 'zod';
import { explained } from '../base/errors.ts';
import { fromJsonBytes, jsonBytes } from '../crypto/bytes.ts';
import { seal, unseal } from '../crypto/seal.ts';
import type { GalleryDatabase, StoredMeta } from './database.ts';
import type { Reserve } from './reserve.ts';

/** What a value is sealed to. */
export const metaBinding = (id: string) => ['meta', id] as const;

/** The installation's own values (settings, counters of guesses, staff's keys), each sealed with the device key. */
export class MetaTable {
  readonly #database: GalleryDatabase;
  readonly #device: CryptoKey;
  readonly #reserve: Reserve;
  #last: Promise<unknown> = Promise.resolve();

  constructor(database: GalleryDatabase, device: CryptoKey, reserve: Reserve) {
    this.#database = database;
    this.#device = device;
    this.#reserve = reserve;
  }

  /** @returns null where there is none. @throws Error where it is damaged */
  async get<T>(id: string, schema: z.ZodType<T>): Promise<T | null> {
    const stored = await this.#database.meta.get(id);
    if (!stored) return null;
    if (!(stored.sealed instanceof Uint8Array)) throw new Error(`The stored ${id} has another form.`);
    return schema.parse(fromJsonBytes(await unseal(this.#device, metaBinding(id), stored.sealed)));
  }

  /** A row to be written with others in one transaction. */
  async row(id: string, value: unknown): Promise<StoredMeta> {
    return { id, sealed: await seal(this.#device, metaBinding(id), jsonBytes(value)) };
  }

  /**
   * Writes one value by itself, without a line in the log and whether the disk is full or not. Values are written in the order of
   * the calls: sealing takes a while, and an older value must not take a newer one's place.
   *
   * @throws GalleryError
   */
  put(id: string, value: unknown): Promise<void> {
    const written = this.#last.then(async () => {
      const row = await this.row(id, value);
      await explained(() => this.#reserve.spend(async () => this.#database.meta.put(row)));
    });
    this.#last = written.catch(() => {});
    return written;
  }
}
