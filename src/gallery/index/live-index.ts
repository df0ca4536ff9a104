import { errorMessage } from '@rounz/core/error-message.ts';
import { fuseTemplates } from '@rounz/core/match/fuse.ts';
import { dequantise, quantise, type Transform } from '@rounz/core/match/protect.ts';
import { TemplateIndex } from '@rounz/core/match/template-index.ts';
import { normalise } from '@rounz/core/math/vector.ts';
import { GALLERY } from '../base/config.ts';
import type { Committed } from '../store/change.ts';
import type { KeptTemplate } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { type ChunkBlock, type ChunkRow, rowOf, type Snapshot, type SnapshotHead } from './snapshot.ts';

/** Database records read at a time where the snapshot does not help. */
const BATCH = 512;

/**
 * The index of the running model's templates, held in step with the store, and its snapshot on the disk. One row a person: the
 * one template that a record has for this model (docs/decisions/023-stored-templates.md), or several of an older record, fused.
 */
export class LiveIndex {
  readonly #store: Store;
  readonly #snapshot: Snapshot;
  #index: TemplateIndex | null = null;
  #modelHash: string | null = null;
  #transform: Transform | null = null;
  #epoch = 0;
  /** of each row, the revision that wrote it */
  #revisions: number[] = [];
  readonly #dirty = new Set<number>();
  /** blocks whose low planes have not come, and the first row of each */
  #partial: { readonly block: ChunkBlock; readonly first: number }[] = [];
  #completed: Promise<void> = Promise.resolve();
  #loaded: Promise<void>;
  /** of the store, up to which the index has followed */
  #revision = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: Store, snapshot: Snapshot) {
    this.#store = store;
    this.#snapshot = snapshot;
    // Begins at once with the last model, which most likely is the current one.
    this.#loaded = this.#preload();
    this.#loaded.catch(() => {});
  }

  get modelHash(): string | null {
    return this.#modelHash;
  }
  get index(): TemplateIndex | null {
    return this.#index;
  }
  /** Transforms a probe into the space of the rows. It exists whenever a row does, so that a decision never waits. */
  get transform(): Transform | null {
    return this.#transform;
  }

  /** Builds the index for this model. Of a large gallery the low planes come after it: a search does not wait for them. */
  async use(modelHash: string): Promise<void> {
    await this.#loaded.catch(() => {});
    if (this.#modelHash !== modelHash || this.#epoch !== this.#store.epoch) {
      this.#loaded = this.#store.storage.exclusively(() => this.#rebuild(modelHash));
      await this.#loaded;
    }
    // Whoever needs them meets the same failure there.
    this.#complete().catch(() => {});
  }

  /** Resolves once all rows have their low planes. Rows whose planes cannot be read come from the records. */
  #complete(): Promise<void> {
    const partial = this.#partial;
    const index = this.#index;
    if (partial.length > 0 && index) {
      this.#partial = [];
      this.#completed = this.#readLow(partial, index).then((failed) => this.#replace(failed, index));
    }
    return this.#completed;
  }

  /** Follows a change. Resolves once the snapshot holds no older rows of it; new people are written in the background. */
  async follow({ templatesPut, removed, revision }: Committed): Promise<void> {
    // Rows that move take their low planes along.
    await this.#complete().catch(() => {});
    const { modelHash } = this;
    this.#revision = revision;
    if (modelHash === null) {
      // The snapshot may hold rows of removed people.
      if (removed.length > 0 || templatesPut.length > 0) await this.#snapshot.clear();
      return;
    }
    if (this.#epoch !== this.#store.epoch) {
      await this.#store.storage.exclusively(() => this.#rebuild(modelHash));
      return;
    }
    if (removed.length === 0 && templatesPut.length === 0) return;
    const erasing = removed.length > 0 || templatesPut.some(({ id }) => this.#has(id));
    for (const id of removed) this.#remove(id);
    for (const { id, templates } of templatesPut) {
      this.#remove(id);
      this.#add(id, templates, revision);
    }
    await this.#prepareTransform();
    const written = this.flush();
    if (erasing) await written;
    // If this is interrupted, the next start reads them from the records. If it fails, the snapshot is removed.
    else written.catch(() => this.forget().catch(() => {}));
  }

  /** Removes the snapshot; the next change writes it whole. */
  async forget(): Promise<void> {
    await this.#snapshot.clear();
    this.#touchAll();
  }

  /** Writes a snapshot of the earlier form anew. It only makes the next start faster. */
  async renewForm(): Promise<void> {
    if (this.#index && !this.#snapshot.isCurrent(GALLERY.snapshotRows)) await this.flush();
  }

  /** Writes what changed since the last time, after whatever is being written. */
  flush(): Promise<void> {
    const written = this.#writing.then(() => this.#flush());
    this.#writing = written.catch(() => {});
    return written;
  }

  async #flush(): Promise<void> {
    const { modelHash } = this;
    if (modelHash === null) return;
    await this.#complete();
    if (!this.#snapshot.isCurrent(GALLERY.snapshotRows)) this.#touchAll();
    const index = this.#index;
    const per = GALLERY.snapshotRows;
    const length = index?.length ?? 0;
    const chunks = Math.ceil(length / per);
    const head: SnapshotHead = {
      modelHash,
      epoch: this.#epoch,
      width: index?.width ?? 1,
      rows: per,
      revision: this.#revision,
    };
    // Copied synchronously; rows that change while it is written are dirty again.
    const rows = new Map(
      [...this.#dirty]
        .filter((chunk) => chunk < chunks)
        .map((chunk) => [chunk, this.#rows(chunk * per, Math.min(length, (chunk + 1) * per))]),
    );
    this.#dirty.clear();
    await this.#snapshot.write(head, rows, chunks);
  }

  async #preload(): Promise<void> {
    const head = await this.#snapshot.head();
    if (!head || head.epoch !== this.#store.epoch) return;
    await this.#store.storage.exclusively(() => this.#rebuild(head.modelHash));
  }

  /** Reads the snapshot and fills gaps from the records; without a snapshot, reads all records. */
  async #rebuild(modelHash: string): Promise<void> {
    const store = this.#store;
    this.#index = null;
    this.#transform = null;
    this.#revisions = [];
    this.#partial = [];
    this.#completed = Promise.resolve();
    this.#dirty.clear();
    this.#modelHash = modelHash;
    this.#epoch = store.epoch;
    this.#revision = store.revision;
    const head = await this.#snapshot.head();
    const usable = head && head.modelHash === modelHash && head.epoch === store.epoch ? head : null;
    if (!usable) await this.#snapshot.clear();
    else {
      const exact = usable.revision === store.revision;
      const revisions = exact ? null : await this.#storedRevisions();
      const { capacity } = this.#snapshot;
      // Room for all rows at once: growing row by row takes three times as long as all the rest.
      if (capacity > 0) {
        this.#index = new TemplateIndex(usable.width);
        this.#index.reserve(capacity);
      }
      for await (const block of this.#snapshot.blocks())
        await this.#placeBlock(block, usable.width, revisions);
      if (!this.#snapshot.isLarge || !exact || !this.#snapshot.whole) await this.#readLowNow();
      if (exact && this.#snapshot.whole) {
        // The rows lie on the disk as they were placed: nothing has to be written.
        this.#dirty.clear();
        return this.#prepareTransform();
      }
    }
    await this.#readMissing(modelHash);
    await this.#prepareTransform();
    this.#touchAll();
    // The snapshot only saves time: without it the next start is slower.
    await this.flush().catch(() => {});
  }

  async #prepareTransform(): Promise<void> {
    const width = this.#index?.width;
    this.#transform =
      width === undefined ? null : await this.#store.installation.transform(this.#epoch, width);
  }

  async #storedRevisions(): Promise<Map<string, number>> {
    const { templates } = this.#store.database;
    const [ids, revisions] = await Promise.all([
      templates.orderBy('revision').primaryKeys(),
      templates.orderBy('revision').keys(),
    ]);
    return new Map(ids.map((id, i) => [id, Number(revisions[i])]));
  }

  async #readMissing(modelHash: string): Promise<void> {
    const missing = [...this.#store.people.values()].filter(
      ({ id, identity }) => !this.#has(id) && identity.templates.some((t) => t.modelHash === modelHash),
    );
    await this.#readRecords(missing.map(({ id }) => id));
  }

  /** The records' rows in the place of those that are there. */
  async #readRecords(all: readonly string[]): Promise<void> {
    const store = this.#store;
    for (let start = 0; start < all.length; start += BATCH) {
      const ids = all.slice(start, start + BATCH);
      const records = await store.database.templates.bulkGet(ids);
      const sets = await Promise.all(
        records.map((record) => store.readTemplates(record).catch((error: unknown) => ({ error }))),
      );
      for (const [i, set] of sets.entries()) {
        const id = ids[i]!;
        this.#remove(id);
        if ('error' in set)
          store.damaged.set(id, `The templates of this person cannot be read. ${String(set.error)}`);
        else this.#add(id, set.templates, set.revision);
      }
    }
  }

  #add(id: string, templates: readonly KeptTemplate[], revision: number): void {
    const ours = templates.filter((template) => template.modelHash === this.#modelHash);
    if (ours.length === 0) return;
    try {
      const fused = fuseTemplates(
        // Quantisation moves the length by some 1e-5.
        ours.map((template) => normalise(dequantise(template))),
      );
      this.#place({ personId: id, revision, template: quantise(fused) }, fused.length);
    } catch (error) {
      // Contradicting pictures of one person must not prevent the search for others.
      this.#store.damaged.set(id, `The templates of this person cannot be searched. ${errorMessage(error)}`);
    }
  }

  /** @returns ids of rows whose low planes cannot be read */
  async #readLow(
    partial: readonly { readonly block: ChunkBlock; readonly first: number }[],
    index: TemplateIndex,
  ): Promise<readonly string[]> {
    this.#snapshot.readLowAhead();
    const failed: string[] = [];
    for (const { block, first } of partial) {
      const low = await this.#snapshot.low(block);
      // Another model's index took its place meanwhile.
      if (index !== this.#index) return [];
      if (low) index.putLow(first, low);
      else failed.push(...block.personIds);
    }
    return failed;
  }

  /** Reads rows anew from the records. While that fails, nothing is written: the rows lack their low planes. */
  async #replace(ids: readonly string[], index: TemplateIndex): Promise<void> {
    if (ids.length === 0) return;
    await this.#store.storage.exclusively(async () => {
      if (index === this.#index) await this.#readRecords(ids);
    });
    this.flush().catch(() => {});
  }

  /** Within a rebuild, which reads from the records afterwards what cannot be read here. */
  async #readLowNow(): Promise<void> {
    const partial = this.#partial;
    this.#partial = [];
    if (!this.#index) return;
    const failed = await this.#readLow(partial, this.#index);
    if (failed.length > 0) this.#snapshot.whole = false;
    for (const id of failed) this.#remove(id);
  }

  /** @param revisions of the records, where the snapshot is older than they are: rows of other revisions are left out */
  async #placeBlock(
    block: ChunkBlock,
    width: number,
    revisions: ReadonlyMap<string, number> | null,
  ): Promise<void> {
    const { personIds } = block;
    if (personIds.length === 0) return;
    const wanted = (id: string, i: number): boolean =>
      !this.#has(id) && (revisions ? revisions.get(id) === block.revisions[i] : this.#store.people.has(id));
    if (!personIds.every(wanted)) {
      const low = block.low ?? (await this.#snapshot.low(block));
      if (!low) this.#snapshot.whole = false;
      else
        for (const [i, id] of personIds.entries())
          if (wanted(id, i)) this.#place(rowOf(block, low, i, width), width);
      return;
    }
    this.#index ??= new TemplateIndex(width);
    const first = this.#index.length;
    this.#index.addAll(block);
    if (!block.low) this.#partial.push({ block, first });
    for (const [i, revision] of block.revisions.entries()) this.#revisions[first + i] = revision;
    for (let row = first; row < this.#index.length; row += GALLERY.snapshotRows) this.#touch(row);
    this.#touch(this.#index.length - 1);
  }

  #place({ personId, revision, template }: ChunkRow, width: number): void {
    this.#index ??= new TemplateIndex(width);
    const row = this.#index.add({ personId, template });
    this.#revisions[row] = revision;
    this.#touch(row);
  }

  #remove(id: string): void {
    const moved = this.#index?.remove(id);
    const length = this.#index?.length ?? 0;
    if (moved) {
      this.#revisions[moved.to] = this.#revisions[moved.from]!;
      this.#touch(moved.to);
    }
    if (this.#revisions.length !== length) {
      this.#revisions.length = length;
      this.#touch(length);
    }
  }

  #has(id: string): boolean {
    return this.#index?.has(id) ?? false;
  }

  #touch(row: number): void {
    this.#dirty.add(Math.floor(row / GALLERY.snapshotRows));
  }

  #touchAll(): void {
    const chunks = Math.ceil((this.#index?.length ?? 0) / GALLERY.snapshotRows);
    for (let chunk = 0; chunk < chunks; chunk++) this.#dirty.add(chunk);
  }

  #rows(from: number, to: number): readonly ChunkRow[] {
    return Array.from({ length: to - from }, (_, i) => ({
      ...this.#index!.row(from + i),
      revision: this.#revisions[from + i]!,
    }));
  }
}
