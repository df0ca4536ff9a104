import { errorMessage } from '@rounz/core/error-message.ts';
import type { Transform } from '@rounz/core/match/protect.ts';
import { TemplateIndex } from '@rounz/core/match/template-index.ts';
import { GALLERY } from '../base/config.ts';
import type { Committed } from '../store/change.ts';
import type { KeptTemplate } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { DirtyChunks } from './dirty-chunks.ts';
import { LowPlanes, type PartialBlock } from './low-planes.ts';
import { recordedTemplates, searchedTemplate, storedRevisions } from './recorded-templates.ts';
import { type ChunkBlock, type ChunkRow, rowOf, type Snapshot, type SnapshotHead } from './snapshot.ts';

const ignore = (): void => {};

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
  readonly #dirty = new DirtyChunks();
  /** a rebuild runs: the index holds some rows only */
  #building = false;
  readonly #low: LowPlanes;
  /** the last rebuild */
  #loaded: Promise<void>;
  #following: Promise<void> = Promise.resolve();
  #renewed = false;
  #closed = false;
  /** the model of a rebuild that failed */
  #failed: string | null = null;
  /** ids of people whose templates cannot be read */
  readonly #unread = new Set<string>();
  /** of the store, up to which the index has followed */
  #revision = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: Store, snapshot: Snapshot) {
    this.#store = store;
    this.#snapshot = snapshot;
    this.#low = new LowPlanes({
      snapshot,
      index: () => this.#index,
      replace: (ids, index) => this.#replace(ids, index),
    });
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
    if (this.#modelHash !== modelHash || this.#epoch !== this.#store.epoch) await this.#build(modelHash);
    // Whoever needs them tries again.
    this.#low.complete().catch(() => {});
  }

  #build(modelHash: string): Promise<void> {
    this.#loaded = this.#store.storage.exclusively(() => this.#rebuild(modelHash));
    return this.#loaded;
  }

  /** Follows a change. Resolves once the snapshot holds no older rows of it; new people are written in the background. */
  async follow(committed: Committed): Promise<void> {
    // One after the other: of two changes of a person the later one counts.
    const applied = this.#following.then(() => this.#apply(committed));
    this.#following = applied.then(ignore, ignore);
    const effect = await applied;
    if (effect === 'none') return;
    const written = this.flush();
    if (effect === 'erased') await written;
    // If this is interrupted, the next start reads them from the records. If it fails, the snapshot is removed.
    else written.catch(() => this.forget().catch(() => {}));
  }

  /** @returns what the change did to rows of the snapshot */
  async #apply({ templatesPut, removed, revision }: Committed): Promise<'none' | 'added' | 'erased'> {
    const changes = removed.length > 0 || templatesPut.length > 0;
    // Rows that move take their low planes along. Where they cannot be read nothing is written.
    if (changes) await this.#whenWhole(ignore).catch(() => this.#loaded.catch(() => {}));
    const { modelHash } = this;
    this.#revision = revision;
    if (modelHash === null) {
      // The snapshot may hold rows of removed people.
      if (changes) await this.#clear();
      return 'none';
    }
    if (this.#epoch !== this.#store.epoch) {
      await this.#build(modelHash);
      return 'none';
    }
    if (!changes) return 'none';
    const erased = removed.length > 0 || templatesPut.some(({ id }) => this.#has(id));
    for (const id of removed) this.#remove(id);
    for (const { id, templates } of templatesPut) {
      this.#remove(id);
      this.#add(id, templates, revision);
    }
    await this.#prepareTransform();
    return erased ? 'erased' : 'added';
  }

  /** Removes the snapshot, after whatever is being written; the next change writes it whole. */
  async forget(): Promise<void> {
    await this.#clear();
    this.#dirty.touchAll(this.#length);
  }

  #clear(): Promise<void> {
    const cleared = this.#writing.then(() => this.#snapshot.clear());
    this.#writing = cleared.then(ignore, ignore);
    return cleared;
  }

  /**
   * Now and then, in the background: builds an index that could not be built, and writes a snapshot of the earlier form anew,
   * once, which makes the next start faster.
   */
  async upkeep(): Promise<void> {
    if (this.#failed !== null) await this.use(this.#failed);
    if (this.#renewed || !this.#snapshot.isEarlier(GALLERY.snapshotRows)) return;
    this.#renewed = true;
    await this.flush();
  }

  /** Writes nothing from now on: another window may have opened the gallery. */
  close(): void {
    this.#closed = true;
  }

  /** Writes what changed since the last time, after whatever is being written. Rejects where rows are incomplete or the disk full. */
  async flush(): Promise<void> {
    while (!(await this.#whenWhole(() => this.#write()))) {
      // A rebuild came between.
    }
  }

  /** Does something once all rows are there with their low planes. */
  async #whenWhole<T>(work: () => T): Promise<T> {
    do {
      await this.#loaded.catch(() => {});
      await this.#low.complete();
    } while (!this.#isWhole);
    return work();
  }

  get #isWhole(): boolean {
    return !this.#building && this.#low.isComplete;
  }

  /** @param own of a rebuild, which holds all rows @returns false: rows are missing now, and nothing was written */
  #write(own = false): Promise<boolean> {
    const written = this.#writing.then(async () => {
      if (!own && !this.#isWhole) return false;
      await this.#writeNow();
      return true;
    });
    this.#writing = written.then(ignore, ignore);
    return written;
  }

  async #writeNow(): Promise<void> {
    const { modelHash } = this;
    if (this.#closed) return;
    if (modelHash === null) {
      // A rebuild failed after a change that was not written.
      if (!this.#dirty.isEmpty) await this.#snapshot.clear();
      return;
    }
    if (!this.#snapshot.isCurrent(GALLERY.snapshotRows)) this.#dirty.touchAll(this.#length);
    const per = GALLERY.snapshotRows;
    const head: SnapshotHead = {
      modelHash,
      epoch: this.#epoch,
      width: this.#index?.width ?? 1,
      rows: per,
      // Of no change: the next start tries again to read whoever is not there.
      revision: this.#unread.size > 0 ? 0 : this.#revision,
    };
    // Copied synchronously; rows that change while it is written are dirty again.
    const rows = new Map(
      this.#dirty.take(this.#length).map(({ chunk, from, to }) => [chunk, this.#rows(from, to)]),
    );
    try {
      await this.#snapshot.write(head, rows, Math.ceil(this.#length / per));
    } catch (error) {
      // Some files are new and the head is not. Without all of them nothing older stays, and the next write is a whole one.
      await this.#snapshot.clear().catch(() => {});
      this.#dirty.touchAll(this.#length);
      throw error;
    }
  }

  async #preload(): Promise<void> {
    const head = await this.#snapshot.head();
    if (!head || head.epoch !== this.#store.epoch) return;
    await this.#store.storage.exclusively(() => this.#rebuild(head.modelHash));
  }

  async #rebuild(modelHash: string): Promise<void> {
    this.#building = true;
    this.#failed = null;
    const unwritten = !this.#dirty.isEmpty;
    try {
      await this.#rebuildNow(modelHash);
    } catch (error) {
      // Some rows are not to be taken for all of them.
      this.#failed = modelHash;
      this.#modelHash = null;
      this.#index = null;
      this.#low.reset();
      if (unwritten) this.#dirty.touch(0);
      throw error;
    } finally {
      this.#building = false;
    }
  }

  /** Reads the snapshot and fills gaps from the records; without a snapshot, reads all records. */
  async #rebuildNow(modelHash: string): Promise<void> {
    const store = this.#store;
    this.#index = null;
    this.#transform = null;
    this.#revisions = [];
    this.#low.reset();
    this.#unread.clear();
    this.#dirty.clear();
    this.#modelHash = modelHash;
    this.#epoch = store.epoch;
    this.#revision = store.revision;
    const head = await this.#snapshot.head();
    const usable = head && head.modelHash === modelHash && head.epoch === store.epoch ? head : null;
    if (!usable) await this.#clear();
    else if (await this.#readSnapshot(usable)) {
      // The rows lie on the disk as they were placed: nothing has to be written.
      this.#dirty.clear();
      return this.#prepareTransform();
    }
    await this.#readMissing(modelHash);
    await this.#prepareTransform();
    this.#dirty.touchAll(this.#length);
    // The snapshot only saves time: without it the next start is slower.
    await this.#write(true).catch(() => {});
  }

  /** @returns whether its rows are those of the records, all of them */
  async #readSnapshot({ revision, width }: SnapshotHead): Promise<boolean> {
    const exact = revision === this.#store.revision;
    const revisions = exact ? null : await storedRevisions(this.#store);
    const { capacity } = this.#snapshot;
    // Room for all rows at once: growing row by row takes three times as long as all the rest.
    if (capacity > 0) {
      this.#index = new TemplateIndex(width);
      this.#index.reserve(capacity);
    }
    const partial: PartialBlock[] = [];
    let all = exact;
    for await (const block of this.#snapshot.blocks()) {
      const first = this.#index?.length ?? 0;
      if (!(await this.#placeBlock(block, width, revisions))) all = false;
      else if (!block.low) partial.push({ block, first });
    }
    all &&= this.#snapshot.whole;
    if (all && this.#snapshot.isLarge) {
      this.#low.expect(partial);
      return true;
    }
    const lacking = this.#index ? await this.#low.read(partial, this.#index) : [];
    // Read from the records with all that is missing.
    for (const id of lacking) this.#remove(id);
    return all && lacking.length === 0;
  }

  async #prepareTransform(): Promise<void> {
    const width = this.#index?.width;
    this.#transform =
      width === undefined ? null : await this.#store.installation.transform(this.#epoch, width);
  }

  async #readMissing(modelHash: string): Promise<void> {
    const missing = [...this.#store.people.values()].filter(
      ({ id, identity }) => !this.#has(id) && identity.templates.some((t) => t.modelHash === modelHash),
    );
    await this.#readRecords(missing.map(({ id }) => id));
  }

  /** The records' rows in the place of those that are there. Whoever is gone meanwhile has none. */
  async #readRecords(wanted: readonly string[]): Promise<void> {
    for (const id of wanted) if (!this.#store.people.has(id)) this.#remove(id);
    const all = wanted.filter((id) => this.#store.people.has(id));
    for await (const { id, set } of recordedTemplates(this.#store, all)) {
      this.#remove(id);
      if (set) this.#add(id, set.templates, set.revision);
      else this.#unread.add(id);
    }
  }

  #add(id: string, templates: readonly KeptTemplate[], revision: number): void {
    try {
      const template = searchedTemplate(templates, this.#modelHash);
      if (template) this.#place({ personId: id, revision, template }, template.high.length);
    } catch (error) {
      this.#unread.add(id);
      // Contradicting pictures of one person must not prevent the search for others.
      this.#store.damaged.set(id, `The templates of this person cannot be searched. ${errorMessage(error)}`);
    }
  }

  /** Rows whose low planes cannot be read come from the records. */
  async #replace(ids: readonly string[], index: TemplateIndex): Promise<void> {
    await this.#store.storage.exclusively(async () => {
      if (index === this.#index) await this.#readRecords(ids);
    });
    this.flush().catch(() => {});
  }

  /**
   * @param revisions of the records, where the snapshot is older than they are: rows of other revisions are left out
   * @returns whether the block was placed as it is
   */
  async #placeBlock(
    block: ChunkBlock,
    width: number,
    revisions: ReadonlyMap<string, number> | null,
  ): Promise<boolean> {
    const { personIds } = block;
    if (personIds.length === 0) return true;
    const wanted = (id: string, i: number): boolean =>
      !this.#has(id) && (revisions ? revisions.get(id) === block.revisions[i] : this.#store.people.has(id));
    if (!personIds.every(wanted)) {
      const low = block.low ?? (await this.#snapshot.low(block));
      if (low)
        for (const [i, id] of personIds.entries())
          if (wanted(id, i)) this.#place(rowOf(block, low, i, width), width);
      return false;
    }
    this.#index ??= new TemplateIndex(width);
    const first = this.#index.length;
    this.#index.addAll(block);
    for (const [i, revision] of block.revisions.entries()) this.#revisions[first + i] = revision;
    for (let row = first; row < this.#length; row += GALLERY.snapshotRows) this.#dirty.touch(row);
    this.#dirty.touch(this.#length - 1);
    return true;
  }

  #place({ personId, revision, template }: ChunkRow, width: number): void {
    this.#index ??= new TemplateIndex(width);
    const row = this.#index.add({ personId, template });
    this.#revisions[row] = revision;
    this.#dirty.touch(row);
  }

  #remove(id: string): void {
    this.#unread.delete(id);
    const moved = this.#index?.remove(id);
    const length = this.#length;
    if (moved) {
      this.#revisions[moved.to] = this.#revisions[moved.from]!;
      this.#dirty.touch(moved.to);
    }
    if (this.#revisions.length !== length) {
      this.#revisions.length = length;
      this.#dirty.touch(length);
    }
  }

  get #length(): number {
    return this.#index?.length ?? 0;
  }

  #has(id: string): boolean {
    return this.#index?.has(id) ?? false;
  }

  #rows(from: number, to: number): readonly ChunkRow[] {
    return Array.from({ length: to - from }, (_, i) => ({
      ...this.#index!.row(from + i),
      revision: this.#revisions[from + i]!,
    }));
  }
}
