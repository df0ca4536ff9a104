import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identityOf } from '../data/identity.ts';
import { findSources } from '../data/layout.ts';
import { readSource } from '../data/sources.ts';
import type { AlignedRecord } from './aligned-set.ts';
import { alignedFiles, CROP_BYTES, MESH_VALUES, openAlignedSets } from './aligned-set.ts';
import { mergeShares } from './merge-shares.ts';
import { shareFiles } from './share-log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'align-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function writeTar(name: string, files: Record<string, string>): Promise<void> {
  const archive = pack();
  for (const [path, content] of Object.entries(files)) archive.entry({ name: path }, content);
  archive.finalize();
  await pipeline(archive, createWriteStream(join(folder, name)));
}

describe('findSources and readSource', () => {
  it('joins the parts of a set and reads pictures in order', async () => {
    await writeTar('faces-00.tar', { 'a/1.jpg': 'one', 'a/notes.txt': 'no picture' });
    await writeTar('faces-01.tar', { './b/2.jpg': 'two' });
    mkdirSync(join(folder, 'plain', 'c'), { recursive: true });
    writeFileSync(join(folder, 'plain', 'c', '3.png'), 'three');
    const sources = await findSources(folder);
    expect(sources.map((source) => source.name)).toEqual(['faces', 'plain']);
    const read = [];
    for (const source of sources)
      for await (const { path, bytes } of readSource(source)) read.push([path, bytes.toString()]);
    expect(read).toEqual([
      ['a/1.jpg', 'one'],
      ['b/2.jpg', 'two'],
      ['c/3.png', 'three'],
    ]);
  });
});

describe('a folder of people', () => {
  const put = (path: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), 'picture');
  };
  const names = async (): Promise<string[]> => (await findSources(folder)).map(({ name }) => name);

  it('is one set of its own name, whose people are known', async () => {
    for (const path of ['ann/1.jpg', 'ann/2.jpg', 'bob/1.jpg', 'notes.txt']) put(path);
    expect(await names()).toEqual([basename(folder)]);
    const people = [];
    for await (const { path } of readSource((await findSources(folder))[0]!))
      people.push(identityOf('shop', path));
    expect(people).toEqual(['shop:ann', 'shop:ann', 'shop:bob']);
  });

  it('is told from a folder of sets, whose people lie a level deeper, and from one unlabelled set', async () => {
    for (const path of ['shop/ann/1.jpg', 'unlabelled/1.jpg', 'unlabelled/2.jpg']) put(path);
    expect(await names()).toEqual(['shop', 'unlabelled']);
    rmSync(join(folder, 'shop'), { recursive: true });
    expect(await names()).toEqual(['unlabelled']);
  });

  it('with splits.tsv is parted by it', async () => {
    put('ann/1.jpg');
    put('bob/1.jpg');
    writeFileSync(join(folder, 'splits.tsv'), 'ann\ttrain\nbob\ttest\n');
    expect(await names()).toEqual([`${basename(folder)}-train`, `${basename(folder)}-test`]);
  });
});

describe('identityOf', () => {
  it.each([
    ['celeba', '4/1.jpg', 'celeba:4'],
    ['celeba-wild', '4/9.jpg', 'celeba:4'],
    ['lfw', 'Ada_L/Ada_L_0001.jpg', 'name:Ada_L'],
    ['glint', 'Ada_L/7.jpg', 'name:Ada_L'],
    ['shop', 'x/1.jpg', 'shop:x'],
    ['unlabelled-utk', '00001.jpg', null],
  ])('%s/%s is %s', (set, path, key) => {
    expect(identityOf(set, path)).toBe(key);
  });
});

describe('mergeShares and openAlignedSets', () => {
  const record = (path: string): AlignedRecord => ({
    path,
    identity: 'x:y',
    boxScore: 0.9,
    meshScore: 1,
    yaw: 0,
    pitch: 0,
    roll: 0,
    luma: 100,
    sharpness: 50,
    interEyeDistance: 40,
  });

  function writeShare(index: number, positions: number[], missed: number[]): void {
    const files = shareFiles(folder, 'set', { index, count: 2 });
    writeFileSync(files.crops, Buffer.concat(positions.map((p) => Buffer.alloc(CROP_BYTES, p))));
    writeFileSync(
      files.mesh,
      Buffer.concat(positions.map((p) => Buffer.from(new Float32Array(MESH_VALUES).fill(p + 0.5).buffer))),
    );
    const path = (position: number) => `set/${position}.jpg`;
    const rows = positions.map((position) => ({
      position,
      path: path(position),
      record: record(path(position)),
    }));
    const gone = missed.map((position) => ({ position, path: path(position), missed: true }));
    const lines = [...rows, ...gone].sort((a, b) => a.position - b.position);
    const end = { notes: { skipped: [], remarks: [], litter: 0, others: [] } };
    writeFileSync(files.log, ['job', ...[...lines, end].map((line) => JSON.stringify(line))].join('\n'));
  }

  it('restores the order of the set and reads every row back', async () => {
    writeShare(0, [0, 2, 6], [4]);
    writeShare(1, [3, 5], [1]);
    await mergeShares(folder, 'set', 2);
    expect(readdirSync(folder).sort()).toEqual(['set.crops.u8', 'set.json', 'set.mesh.f32']);
    const [set] = openAlignedSets(folder, ['set']);
    expect(set!.paths).toEqual([0, 2, 3, 5, 6].map((p) => `set/${p}.jpg`));
    [0, 2, 3, 5, 6].forEach((p, row) => {
      expect(Buffer.alloc(CROP_BYTES, p).equals(set!.readCrop(row))).toBe(true);
      const mesh = set!.readMesh(row);
      expect([mesh.length, ...new Set(mesh)]).toEqual([MESH_VALUES, p + 0.5]);
    });
    expect(() => set!.readCrop(5)).toThrow(RangeError);
    set!.close();
  });

  it('does not show a set before it is whole', async () => {
    writeShare(0, [0], []);
    await expect(mergeShares(folder, 'set', 2)).rejects.toThrow();
    expect(existsSync(alignedFiles(folder, 'set').index)).toBe(false);
  });

  it('says so when a cached file was cut short', async () => {
    writeShare(0, [0], []);
    writeShare(1, [1], []);
    await mergeShares(folder, 'set', 2);
    writeFileSync(alignedFiles(folder, 'set').crops, Buffer.alloc(CROP_BYTES));
    const [set] = openAlignedSets(folder, ['set']);
    expect(() => set!.readCrop(1)).toThrow(/run align again/);
    set!.close();
  });
});
