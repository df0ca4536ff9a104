import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEditor, type Editor } from '../people/editor.ts';
import { keptTemplates } from '../people/records.ts';
import type { FileStore } from '../store/files.ts';
import { LossDetector } from '../store/loss-detector.ts';
import type { Store } from '../store/store.ts';
import { gallery, name, Paper, ROUNDS, reopen, tamper, who, withGallery } from '../test-gallery.ts';
import { MODEL, near, newPerson, running, template } from '../test-people.ts';
import { openStoreOf } from '../test-store.ts';
import { LiveIndex } from './live-index.ts';
import { Snapshot } from './snapshot.ts';

/** A gallery of a few people is a large one here: two rows a chunk, and low planes come after the start. */
vi.mock(import('../base/config.ts'), async (original) => {
  const { GALLERY } = await original();
  return { GALLERY: { ...GALLERY, snapshotRows: 2, readAheadFrom: 1 } };
});

withGallery();

/** A disk that is slow or full where a test says so. */
class Disk {
  /** files whose reading waits for `release` */
  held: RegExp | null = null;
  /** files that cannot be written */
  full: RegExp | null = null;
  readonly written: string[] = [];
  readonly refused: string[] = [];
  readonly files: FileStore;
  #release = (): void => {};
  #released: Promise<void>;

  constructor(files: FileStore) {
    this.#released = new Promise((resolve) => {
      this.#release = resolve;
    });
    this.files = {
      ...files,
      read: async (file) => {
        if (this.held?.test(file)) await this.#released;
        return files.read(file);
      },
      write: async (file, bytes) => {
        if (this.full?.test(file)) {
          this.refused.push(file);
          throw new Error('The disk is full.');
        }
        this.written.push(file);
        await files.write(file, bytes);
      },
    };
  }
  release(): void {
    this.held = null;
    this.#release();
  }
}

interface Start {
  readonly store: Store;
  readonly disk: Disk;
  readonly live: LiveIndex;
  readonly editor: Editor;
}
let started: Store | null = null;

/** What a start of the kiosk does with its index, on that disk. */
async function start(held: RegExp | null = null): Promise<Start> {
  gallery.close();
  started?.database.close();
  const store = await openStoreOf(name);
  started = store;
  const disk = new Disk(store.storage.files);
  disk.held = held;
  const live = new LiveIndex(store, new Snapshot(disk.files, store.storage.installation.device));
  return {
    store,
    disk,
    live,
    editor: createEditor(store, live, await LossDetector.open(new Paper(), store), ROUNDS),
  };
}

/** The rows with all their planes, by person. */
function rowsOf({ index }: LiveIndex): Map<string, string> {
  const rows = Array.from({ length: index!.length }, (_, i) => index!.row(i));
  return new Map(
    rows.map(({ personId, template: { scale, high, low } }) => [
      personId,
      JSON.stringify([scale, [...high], [...low]]),
    ]),
  );
}

/** The rows that the next start finds. */
async function nextRows(): Promise<Map<string, string>> {
  const { live } = await start();
  await live.use(MODEL);
  await live.flush();
  return rowsOf(live);
}

/** Ids of everybody who is in the snapshot's files. */
async function inSnapshot({ store, disk }: Start): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const { personIds } of new Snapshot(disk.files, store.storage.installation.device).blocks())
    for (const id of personIds) found.add(id);
  return found;
}

const ticks = () => new Promise((resolve) => setTimeout(resolve, 50));

const PEOPLE = [1, 2, 3, 4, 5];
let ids: string[];
let rows: Map<string, string>;
beforeEach(async () => {
  ids = [];
  for (const seed of PEOPLE) ids.push((await gallery.enrol(newPerson(`p${seed}`, seed))).id);
  rows = await nextRows();
  expect([...rows.keys()].toSorted()).toEqual(ids.toSorted());
});
afterEach(() => started?.database.close());

describe('the live index of a large gallery', () => {
  it('finds everybody while low planes are still to come, and scores exactly once they came', async () => {
    await reopen();
    const scores = () =>
      PEOPLE.map((seed) => {
        const decision = gallery.matcher.identify({ embedding: near(seed), modelHash: MODEL });
        return decision.kind === 'known' ? decision.score : 0;
      });
    await gallery.matcher.setModel(running);
    // Nothing was awaited since.
    expect(PEOPLE.map(who)).toEqual(ids);
    const early = scores();
    await expect.poll(scores).not.toEqual(early);
    for (const [i, score] of scores().entries()) expect(score).toBeCloseTo(early[i]!, 2);
  });

  it('lets a change wait for low planes, for rows that move take theirs along', async () => {
    const { live, editor, disk } = await start(/^snapshot-low/);
    await live.use(MODEL);
    const [first, ...others] = ids;
    const removed = editor.remove([first!], { actor: 'staff', action: 'deleted' });
    await ticks();
    expect(live.index!.has(first!)).toBe(true);
    expect(disk.written.filter((file) => file.startsWith('snapshot'))).toEqual([]);
    disk.release();
    await removed;
    expect(live.index!.has(first!)).toBe(false);
    rows.delete(first!);
    expect(rowsOf(live)).toEqual(rows);
    expect(await nextRows()).toEqual(rows);
    expect([...rows.keys()].toSorted()).toEqual(others.toSorted());
  });

  it('takes rows whose low planes are missing or damaged from the records, and writes them anew', async () => {
    const { live, disk } = await start();
    await disk.files.remove('snapshot-low-0');
    await disk.files.write('snapshot-low-2', new Uint8Array(100));
    disk.written.length = 0;
    await live.use(MODEL);
    await live.flush();
    expect(rowsOf(live)).toEqual(rows);
    await expect.poll(() => disk.written).toContain('snapshot');
    expect(disk.written).toContain('snapshot-low-0');
    expect(disk.written).toContain('snapshot-low-2');
  });

  it('does not take for damaged who was removed before their row could be read anew', async () => {
    const { live, editor, store, disk } = await start(/^snapshot-low/);
    for (const chunk of [0, 1, 2]) await disk.files.remove(`snapshot-low-${chunk}`);
    await live.use(MODEL);
    const removed = editor.remove([ids[0]!, ids[3]!], { actor: 'staff', action: 'deleted' });
    await ticks();
    disk.release();
    await removed;
    expect([...store.damaged]).toEqual([]);
    for (const gone of [ids[0]!, ids[3]!]) rows.delete(gone);
    expect(rowsOf(live)).toEqual(rows);
  });

  it('writes nothing while the records cannot be read, and all of it later', async () => {
    const { live, store, disk } = await start();
    await disk.files.remove('snapshot-low-1');
    const busy = vi.spyOn(store.database.templates, 'bulkGet').mockRejectedValue(new Error('busy'));
    await live.use(MODEL);
    await expect(live.flush()).rejects.toThrow('busy');
    expect(disk.written).toEqual([]);
    busy.mockRestore();
    await live.flush();
    expect(rowsOf(live)).toEqual(rows);
    expect(await nextRows()).toEqual(rows);
  });
});

describe('the snapshot that the live index writes', () => {
  it('is never one of half an index that is still being built', async () => {
    const before = await start();
    // A change that the snapshot has not seen: its rows are compared one by one.
    await before.store.commit(() => ({
      remove: [ids[4]!],
      log: [],
      at: before.store.storage.record.time.date(),
    }));
    const { live, disk } = await start(/^snapshot-1$/);
    const used = live.use(MODEL);
    await expect.poll(() => live.index?.length).toBe(2);
    const flushed = live.flush();
    await ticks();
    expect(disk.written).toEqual([]);
    disk.release();
    await Promise.all([used, flushed]);
    rows.delete(ids[4]!);
    expect(rowsOf(live)).toEqual(rows);
    expect(await nextRows()).toEqual(rows);
  });

  it('names no chunk that could not be written', async () => {
    const { store } = await start();
    // The snapshot does not hear of this change, as where the power is cut after it.
    const deaf = { follow: async () => {} } as unknown as LiveIndex;
    const losses = await LossDetector.open(new Paper(), store);
    await createEditor(store, deaf, losses, ROUNDS).edit(
      ids[0]!,
      { actor: 'staff', action: 're-enrolled' },
      async () => ({
        templates: await keptTemplates(store, [template(9)]),
      }),
    );
    const { live, editor, disk } = await start();
    disk.full = /^snapshot-0$/;
    await live.use(MODEL);
    expect(disk.refused).toEqual(['snapshot-0']);
    disk.full = null;
    const { id } = await editor.enrol(newPerson('p6', 6));
    await editor.settled();
    const now = rowsOf(live);
    expect([...now.keys()].toSorted()).toEqual([...ids, id].toSorted());
    expect(now.get(ids[0]!)).not.toBe(rows.get(ids[0]!));
    expect(await nextRows()).toEqual(now);
  });

  it('holds nobody any more whose record is damaged, and loses none of the others by it', async () => {
    await tamper('identities', ids[1]!, (record: object) => ({ ...record, sealed: new Uint8Array(40) }));
    const now = await start();
    await now.live.use(MODEL);
    expect(now.store.damaged.has(ids[1]!)).toBe(true);
    await now.live.flush();
    rows.delete(ids[1]!);
    expect(await inSnapshot(now)).toEqual(new Set(rows.keys()));
    const { id } = await now.editor.enrol(newPerson('p6', 6));
    await now.editor.settled();
    expect([...(await nextRows()).keys()].toSorted()).toEqual([...rows.keys(), id].toSorted());
  });

  it('of the earlier form is written anew once, and is gone where there is no room', async () => {
    const { live, disk } = await start();
    await live.use(MODEL);
    disk.written.length = 0;
    await live.upkeep();
    expect(disk.written).toEqual([]);
    // As if it had been read so.
    vi.spyOn(Snapshot.prototype, 'isEarlier').mockReturnValue(true);
    const current = vi.spyOn(Snapshot.prototype, 'isCurrent').mockReturnValue(false);
    disk.full = /^snapshot-low-1$/;
    await expect(live.upkeep()).rejects.toThrow('full');
    expect((await disk.files.list()).filter((file) => file.startsWith('snapshot'))).toEqual([]);
    disk.full = null;
    disk.written.length = 0;
    await live.upkeep();
    expect(disk.written).toEqual([]);
    const next = await start();
    await next.live.use(MODEL);
    next.disk.written.length = 0;
    await next.live.upkeep();
    expect(next.disk.written).toEqual(expect.arrayContaining(['snapshot-0', 'snapshot-low-2', 'snapshot']));
    current.mockRestore();
    vi.restoreAllMocks();
    expect(await nextRows()).toEqual(rows);
  });

  it('leaves no chunk of a write that failed, which a later one would not know of', async () => {
    const { disk: first } = await start();
    for (const file of await first.files.list())
      if (file.startsWith('snapshot')) await first.files.remove(file);
    const now = await start();
    now.disk.full = /^snapshot-low-2$/;
    await now.live.use(MODEL);
    now.disk.full = null;
    // The only one in the third chunk.
    const last = now.live.index!.row(4).personId;
    await now.editor.remove([last], { actor: 'staff', action: 'deleted' });
    expect((await now.disk.files.list()).filter((file) => /^snapshot-(low-)?2$/.test(file))).toEqual([]);
    rows.delete(last);
    expect(await nextRows()).toEqual(rows);
  });

  it('is not taken for exact while somebody cannot be read, so that each start names them', async () => {
    await tamper('templates', ids[2]!, (record: object) => ({ ...record, sealed: new Uint8Array(40) }));
    for (const removed of [true, false, false]) {
      const { live, store, disk } = await start();
      if (removed)
        for (const file of await disk.files.list())
          if (file.startsWith('snapshot')) await disk.files.remove(file);
      await live.use(MODEL);
      await live.flush();
      expect([...store.damaged.keys()]).toEqual([ids[2]]);
      expect(live.index!.length).toBe(PEOPLE.length - 1);
    }
  });

  it('is not written after the gallery was closed', async () => {
    const { live, editor, disk } = await start(/^snapshot-low/);
    await live.use(MODEL);
    const removed = editor.remove([ids[0]!], { actor: 'staff', action: 'deleted' });
    await ticks();
    live.close();
    disk.release();
    await removed;
    expect(disk.written.filter((file) => file.startsWith('snapshot'))).toEqual([]);
  });
});

describe('an index that could not be built', () => {
  it('is built by the next upkeep, and shows no half of itself meanwhile', async () => {
    const { live, store, disk } = await start();
    for (const file of await disk.files.list())
      if (file.startsWith('snapshot')) await disk.files.remove(file);
    const busy = vi.spyOn(store.database.templates, 'bulkGet').mockRejectedValue(new Error('busy'));
    const fresh = new LiveIndex(store, new Snapshot(disk.files, store.storage.installation.device));
    await expect(fresh.use(MODEL)).rejects.toThrow('busy');
    expect([fresh.index, fresh.modelHash]).toEqual([null, null]);
    busy.mockRestore();
    await fresh.upkeep();
    expect(rowsOf(fresh)).toEqual(rows);
    await live.use(MODEL).catch(() => {});
  });

  it('keeps everybody where its snapshot is removed while it is read', async () => {
    const { live, disk } = await start(/^snapshot-1$/);
    const used = live.use(MODEL);
    await expect.poll(() => live.index?.length).toBe(2);
    await live.forget();
    disk.release();
    await used;
    await live.flush();
    expect(rowsOf(live)).toEqual(rows);
    expect(await nextRows()).toEqual(rows);
  });
});
