import { quantise } from '@rounz/core/match/protect.ts';
import { mulberry32 } from '@rounz/core/math/random.ts';
import { normalise } from '@rounz/core/math/vector.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { GALLERY } from '../base/config.ts';
import type { Bytes } from '../crypto/bytes.ts';
import { importSecret, newSecret } from '../crypto/seal.ts';
import type { FileStore } from '../store/files.ts';
import { type ChunkRow, rowOf, Snapshot } from './snapshot.ts';

const WIDTH = 8;
const CHUNKS = GALLERY.readAheadFrom + 1;

/** Private files in memory. */
function memoryFiles(): FileStore & { readonly reads: string[] } {
  const kept = new Map<string, Bytes>();
  const reads: string[] = [];
  return {
    kind: 'private-files',
    folder: 'gallery',
    reads,
    read: async (name) => {
      reads.push(name);
      return kept.get(name) ?? null;
    },
    write: async (name, bytes) => void kept.set(name, bytes),
    remove: async (name) => void kept.delete(name),
    list: async () => [...kept.keys()],
  };
}

const next = mulberry32(3);
const rows: readonly ChunkRow[] = Array.from({ length: CHUNKS * 2 }, (_, i) => ({
  personId: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
  revision: i + 1,
  template: quantise(normalise(Float32Array.from({ length: WIDTH }, () => next() - 0.5))),
}));

async function written() {
  const files = memoryFiles();
  const device = await importSecret(newSecret());
  const head = { modelHash: 'a'.repeat(64), epoch: 0, width: WIDTH, rows: 2, revision: 99 };
  const chunks = new Map(Array.from({ length: CHUNKS }, (_, i) => [i, rows.slice(2 * i, 2 * i + 2)]));
  await new Snapshot(files, device).write(head, chunks, CHUNKS);
  files.reads.length = 0;
  return { files, snapshot: new Snapshot(files, device) };
}

async function read(snapshot: Snapshot): Promise<ChunkRow[]> {
  const found: ChunkRow[] = [];
  for await (const block of snapshot.blocks())
    for (const i of block.personIds.keys()) found.push(rowOf(block, i, WIDTH));
  return found;
}

afterEach(() => vi.unstubAllGlobals());

describe('the snapshot', () => {
  it('gives back the rows that were written, also where no worker reads them ahead', async () => {
    const { snapshot } = await written();
    await snapshot.readAhead();
    expect(await read(snapshot)).toEqual(rows);
    expect(snapshot.whole).toBe(true);
  });

  it('reads by itself what a worker that broke down did not, and leaves out what does not open', async () => {
    const workers: (EventTarget & { terminate(): void })[] = [];
    vi.stubGlobal(
      'Worker',
      class extends EventTarget {
        constructor() {
          super();
          workers.push(this as never);
        }
        postMessage() {}
        terminate() {}
      },
    );
    const { files, snapshot } = await written();
    await snapshot.readAhead();
    expect(workers).toHaveLength(1);
    await files.remove('snapshot-1');
    workers[0]!.dispatchEvent(new Event('error'));
    expect(await read(snapshot)).toEqual(rows.filter((_, i) => i !== 2 && i !== 3));
    expect(snapshot.whole).toBe(false);
  });
});
