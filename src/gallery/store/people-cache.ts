import { z } from 'zod';
import { fromJsonBytes, jsonBytes, toHex } from '../crypto/bytes.ts';
import { seal, unseal } from '../crypto/seal.ts';
import type { Entry } from './change.ts';
import { type Column, fromColumn, type Json, toColumn } from './columns.ts';
import type { FileStore } from './files.ts';

z.config({ jitless: true });

const HEAD = 'people';
/** 1: 128 files of plain entries, which are still read; 2: files of columns (`columns.ts`) */
const FORMAT = 2;
/** files; a change rewrites one of them, and the browser takes as long to open one as to read half a megabyte */
const SHARDS = 32;
/** bytes of a seal that tell one version of a file from another: its nonce */
const TAG_BYTES = 12;

const headSchema = z.strictObject({
  format: z.union([z.literal(1), z.literal(FORMAT)]),
  /** of the store, when it was written */
  changes: z.int().nonnegative(),
  /** of each file, hex; null: nobody is in it */
  tags: z
    .array(
      z
        .string()
        .length(TAG_BYTES * 2)
        .nullable(),
    )
    .min(1),
});

interface CacheFiles {
  readonly head: z.infer<typeof headSchema>;
  readonly shards: readonly (readonly Entry[])[];
}

interface ShardContent {
  /** people */
  readonly count: number;
  readonly column: Column;
}

/** Sealed by this device as this program or the one before wrote it: the form of each entry was checked when it was made. */
function entriesOf(content: unknown): readonly Entry[] {
  if (Array.isArray(content)) return content as Entry[];
  const { column, count } = content as ShardContent;
  return fromColumn(column, count) as unknown as Entry[];
}

const fileOf = (shard: number): string => `people-${shard}`;
/** Ids are random: their first byte spreads people evenly. */
const shardOf = (id: string): number => (Number.parseInt(id.slice(0, 2), 16) || 0) % SHARDS;

/**
 * All identities in a few sealed files, so that a large gallery starts without unsealing each record. It only saves time: where a
 * file is missing, damaged or older than the last change, everybody is read from the records instead.
 */
export class PeopleCache {
  readonly #files: FileStore;
  readonly #device: CryptoKey;
  /** null while no valid cache is on the disk */
  #tags: (string | null)[] | null = null;
  /** the people of each file */
  #members: (readonly Entry[])[] = [];
  /** the files on the disk are of the earlier form */
  #earlier = false;
  /** what `readAhead` reads; null: no valid cache */
  #ahead: Promise<CacheFiles | null> | undefined;
  #keepingUp: Promise<void> = Promise.resolve();

  constructor(files: FileStore, device: CryptoKey) {
    this.#files = files;
    this.#device = device;
  }

  /** Whether changes are followed. */
  get active(): boolean {
    return this.#tags !== null;
  }

  /** Begins to read what `read` asks for, while the start waits for other rows. */
  readAhead(): void {
    this.#ahead ??= this.#readFiles().catch(() => null);
  }

  /** All identities if the cache was written after the last change, else null. */
  async read(changes: number): Promise<readonly Entry[] | null> {
    this.readAhead();
    const found = await this.#ahead;
    this.#ahead = undefined;
    if (!found || found.head.changes !== changes) return null;
    this.#tags = found.head.tags;
    this.#members = [...found.shards];
    this.#earlier = found.head.format !== FORMAT;
    return found.shards.flat();
  }

  /** @throws Error where a file is damaged, missing or of another version */
  async #readFiles(): Promise<CacheFiles | null> {
    const sealed = await this.#files.read(HEAD);
    if (!sealed) return null;
    const head = headSchema.parse(fromJsonBytes(await unseal(this.#device, [HEAD], sealed)));
    const shards = await Promise.all(head.tags.map((tag, shard) => this.#readShard(shard, tag)));
    return { head, shards };
  }

  /** @throws Error where the file is not the one that the head names */
  async #readShard(shard: number, tag: string | null): Promise<readonly Entry[]> {
    if (tag === null) return [];
    const sealed = await this.#files.read(fileOf(shard));
    if (!sealed || toHex(sealed.subarray(0, TAG_BYTES)) !== tag) throw new Error('Another version.');
    return entriesOf(fromJsonBytes(await unseal(this.#device, [HEAD, shard], sealed)));
  }

  /** Writes all identities. */
  async writeAll(people: Iterable<Entry>, changes: number): Promise<void> {
    await this.clear();
    this.#tags = new Array<string | null>(SHARDS).fill(null);
    const members = this.#tags.map((): Entry[] => []);
    for (const entry of people) members[shardOf(entry.id)]!.push(entry);
    this.#members = members;
    await this.#write(members.keys(), changes);
  }

  /** Writes files of the earlier form anew, after earlier changes. It only makes the next start faster. */
  renewForm(people: ReadonlyMap<string, Entry>, changes: number): Promise<void> {
    return this.#earlier ? this.keepUp([], people, changes, true) : this.settled();
  }

  /**
   * Brings the cache up to date with a change, after earlier ones. Resolves once nothing older than the change is in the files: a
   * cache that cannot be written is removed.
   *
   * @param ids who was changed, is new or is gone
   * @param worthwhile whether the gallery is large enough for a cache, where there is none yet
   */
  keepUp(
    ids: readonly string[],
    people: ReadonlyMap<string, Entry>,
    changes: number,
    worthwhile: boolean,
  ): Promise<void> {
    const written = this.#keepingUp.then(async () => {
      try {
        if (this.active && !this.#earlier) await this.#follow(ids, people, changes);
        else if (this.active || worthwhile) await this.writeAll(people.values(), changes);
      } catch {
        await this.clear();
      }
    });
    this.#keepingUp = written.catch(() => {});
    return written;
  }

  /** Resolves once every change so far has been followed. */
  settled(): Promise<void> {
    return this.#keepingUp;
  }

  async #follow(ids: Iterable<string>, people: ReadonlyMap<string, Entry>, changes: number): Promise<void> {
    const changed = new Set(ids);
    const touched = new Set([...changed].map(shardOf));
    for (const shard of touched) {
      const others = this.#members[shard]!.filter(({ id }) => !changed.has(id));
      const own = [...changed].filter((id) => shardOf(id) === shard).flatMap((id) => people.get(id) ?? []);
      this.#members[shard] = [...others, ...own];
    }
    await this.#write(touched, changes);
  }

  async #write(shards: Iterable<number>, changes: number): Promise<void> {
    const tags = this.#tags;
    if (!tags) return;
    for (const shard of shards) {
      const entries = this.#members[shard]!;
      if (entries.length === 0) {
        await this.#files.remove(fileOf(shard));
        tags[shard] = null;
        continue;
      }
      const content: ShardContent = {
        count: entries.length,
        // An entry is what JSON gave or what goes into it.
        column: toColumn(entries as unknown as readonly Json[]),
      };
      const sealed = await seal(this.#device, [HEAD, shard], jsonBytes(content));
      tags[shard] = toHex(sealed.subarray(0, TAG_BYTES));
      await this.#files.write(fileOf(shard), sealed);
    }
    const head: z.infer<typeof headSchema> = { format: FORMAT, changes, tags };
    await this.#files.write(HEAD, await seal(this.#device, [HEAD], jsonBytes(head)));
  }

  /** Removes the whole cache. */
  async clear(): Promise<void> {
    this.#tags = null;
    this.#members = [];
    this.#earlier = false;
    await this.#files.remove(HEAD);
    const names = (await this.#files.list()).filter((name) => name.startsWith(`${HEAD}-`));
    await Promise.all(names.map((name) => this.#files.remove(name)));
  }
}
