import { z } from 'zod';
import type { UndoableAction } from '../contract/undo.ts';
import { closeBox, openBox } from '../crypto/box.ts';
import { type Bytes, fromBase64, toBase64 } from '../crypto/bytes.ts';
import { seal, unseal } from '../crypto/seal.ts';
import type { GalleryDatabase, StoredMeta } from './database.ts';
import type { KeyRing } from './key-ring.ts';
import type { MetaTable } from './meta-table.ts';

z.config({ jitless: true });

const PREFIX = 'undo-';

const rowSchema = z.strictObject({
  action: z.enum([
    'removed',
    'merged',
    'renamed',
    'note-changed',
    'access-changed',
    'picture-added',
    're-enrolled',
    'consent-renewed',
  ]),
  at: z.iso.datetime(),
  until: z.iso.datetime(),
  /** ids of the records that it concerns */
  people: z.array(z.uuid()).nonempty().readonly(),
  keyId: z.uuid(),
  sealed: z.base64(),
});
type Row = z.infer<typeof rowSchema>;

/** What is known of a kept act without staff's key. */
export interface UndoHead extends Omit<Row, 'sealed'> {
  readonly id: string;
}

/** An act to be kept with the change that does it. */
export interface UndoWrite {
  readonly action: UndoableAction;
  /** ISO 8601, UTC */
  readonly until: string;
  readonly people: readonly [string, ...string[]];
  /** what undoing takes */
  readonly content: Bytes;
}

/** What a change does to the kept acts. */
export interface UndoPlan {
  readonly kept: (UndoHead & { readonly content: Bytes }) | null;
  readonly released: readonly UndoHead[];
}

const binding = ({ id, action, at, until, people, keyId }: UndoHead) =>
  ['undo', id, action, at, until, people.join(), keyId] as const;

/**
 * What it takes to undo acts of staff. Each is a box that staff alone can open, sealed with a key of its own from the key ring:
 * to erase it is to erase that key. The rows lie among the installation's values, so that a program that does not know them
 * erases their keys at its start, as keys that nothing uses.
 */
export class UndoRows {
  readonly #keys: KeyRing;
  readonly #meta: MetaTable;
  readonly #heads = new Map<string, UndoHead>();

  private constructor(keys: KeyRing, meta: MetaTable) {
    this.#keys = keys;
    this.#meta = meta;
  }

  /** A row that cannot be read is forgotten here: the key of what it held is erased as one that nothing uses. */
  static async open(database: GalleryDatabase, meta: MetaTable, keys: KeyRing): Promise<UndoRows> {
    const rows = new UndoRows(keys, meta);
    const ids = await database.meta.where('id').startsWith(PREFIX).primaryKeys();
    for (const stored of ids) {
      const row = await meta.get(stored, rowSchema).catch(() => null);
      if (!row) {
        await database.meta.delete(stored);
        continue;
      }
      const { sealed: _, ...head } = row;
      const id = stored.slice(PREFIX.length);
      rows.#heads.set(id, { ...head, id });
    }
    return rows;
  }

  /** All that are kept, the newest first. */
  heads(): readonly UndoHead[] {
    return [...this.#heads.values()].sort((a, b) => b.at.localeCompare(a.at));
  }

  get keyIds(): readonly string[] {
    return [...this.#heads.values()].map(({ keyId }) => keyId);
  }

  /**
   * What becomes of the rows with a change. Whoever is erased otherwise than by the act that is kept takes all rows that concern
   * them along.
   */
  plan(
    keep: UndoWrite | undefined,
    release: readonly string[],
    gone: readonly string[],
    at: string,
  ): UndoPlan {
    const [out, erased] = [new Set(release), new Set(gone)];
    for (const { id, people } of this.#heads.values())
      if (people.some((person) => erased.has(person))) out.add(id);
    const released = [...out].flatMap((id) => this.#heads.get(id) ?? []);
    if (!keep) return { kept: null, released };
    const id = crypto.randomUUID();
    const { content, ...words } = keep;
    return { kept: { ...words, id, at, keyId: this.#keys.newId(keep.people[0]), content }, released };
  }

  /** The row of a plan, to be written with the change; its key is there by then. @param staff the public key */
  async rowOf({ kept }: UndoPlan, staff: CryptoKey): Promise<StoredMeta | null> {
    if (!kept) return null;
    const { content, ...head } = kept;
    const { id, ...row } = head;
    const bound = binding(head);
    const box = await closeBox(staff, bound, content);
    const sealed = toBase64(await seal(await this.#keys.key(head.keyId), bound, box));
    return this.#meta.row(PREFIX + id, { ...row, sealed });
  }

  /** Ids of the rows of a plan that go. */
  goneOf = ({ released }: UndoPlan): readonly string[] => released.map(({ id }) => PREFIX + id);

  /** The plan was written. */
  follow({ kept, released }: UndoPlan): void {
    for (const { id } of released) this.#heads.delete(id);
    if (!kept) return;
    const { content: _, ...head } = kept;
    this.#heads.set(head.id, head);
  }

  /** @param staff the private key. @throws Error where it is gone or damaged */
  async content(head: UndoHead, staff: CryptoKey): Promise<Bytes> {
    const row = await this.#meta.get(PREFIX + head.id, rowSchema);
    if (!row) throw new Error('What was kept of this act is gone.');
    const bound = binding({ ...row, id: head.id });
    const box = await unseal(await this.#keys.key(row.keyId), bound, fromBase64(row.sealed));
    return openBox(staff, bound, box);
  }
}
