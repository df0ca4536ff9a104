import { quantise } from '@rounz/core/match/protect.ts';
import { mulberry32 } from '@rounz/core/math/random.ts';
import { normalise } from '@rounz/core/math/vector.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { GALLERY } from '../base/config.ts';
import { type Bytes, jsonBytes, toHex } from '../crypto/bytes.ts';
import { importSecret, NONCE_BYTES, newSecret, seal } from '../crypto/seal.ts';
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
  for await (const block of snapshot.blocks()) {
    const low = block.low ?? (await snapshot.low(block));
    if (low) for (const i of block.personIds.keys()) found.push(rowOf(block, low, i, WIDTH));
  }
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

  it('keeps low planes apart, and knows which of them are missing or of another version', async () => {
    const { files, snapshot } = await written();
    expect((await files.list()).filter((name) => name.startsWith('snapshot-low-'))).toHaveLength(CHUNKS);
    await files.write('snapshot-low-0', (await files.read('snapshot-low-1'))!);
    await files.remove('snapshot-low-2');
    const found: boolean[] = [];
    for await (const block of snapshot.blocks()) {
      expect(block.low).toBeNull();
      found.push((await snapshot.low(block)) !== null);
    }
    expect(found).toEqual(Array.from({ length: CHUNKS }, (_, chunk) => chunk !== 0 && chunk !== 2));
    // The rows themselves are there.
    expect(snapshot.whole).toBe(true);
  });

  it('reads the earlier form, and writes the current one in its place', async () => {
    const files = memoryFiles();
    const device = await importSecret(newSecret());
    const some = rows.slice(0, 3);
    const bytes = new Uint8Array(4 + some.length * (24 + 2 * WIDTH));
    const view = new DataView(bytes.buffer);
    view.setUint32(0, some.length, true);
    for (const [i, { personId, revision, template }] of some.entries()) {
      const at = 4 + i * 24;
      bytes.set(Buffer.from(personId.replaceAll('-', ''), 'hex'), at);
      view.setFloat32(at + 16, template.scale, true);
      view.setUint32(at + 20, revision, true);
      const planes = 4 + some.length * 24;
      bytes.set(Buffer.from(template.high), planes + i * WIDTH);
      bytes.set(Buffer.from(template.low), planes + (some.length + i) * WIDTH);
    }
    const sealed = await seal(device, ['snapshot', 0], bytes);
    const head = { modelHash: 'a'.repeat(64), epoch: 0, width: WIDTH, rows: 1024, revision: 3 };
    const tags = [toHex(sealed.subarray(0, NONCE_BYTES))];
    await files.write('snapshot-0', sealed);
    await files.write('snapshot', await seal(device, ['snapshot'], jsonBytes({ ...head, tags })));

    const snapshot = new Snapshot(files, device);
    expect(await read(snapshot)).toEqual(some);
    expect(snapshot.isCurrent(1024)).toBe(false);
    await snapshot.write(head, new Map([[0, some]]), 1);
    expect(snapshot.isCurrent(1024)).toBe(true);
    expect(snapshot.isCurrent(2048)).toBe(false);
    expect(await read(new Snapshot(files, device))).toEqual(some);
  });
});
