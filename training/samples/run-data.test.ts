import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AlignedRecord, CROP_BYTES, MESH_VALUES } from '../cache/aligned-set.ts';
import { RECIPES } from '../recipes/recipes.ts';
import { openRunData } from './run-data.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'run-data-'));
  mkdirSync(join(root, 'cache'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true });
});

/** A data folder with loose pictures, and its set as `align` would have left it: nobody in it is known. */
function writeNobody(set: string): void {
  mkdirSync(join(root, set));
  writeFileSync(join(root, set, '1.jpg'), 'x');
  const records: AlignedRecord[] = [1, 2, 3].map((i) => ({
    path: `${set}/${i}.jpg`,
    identity: null,
    boxScore: 1,
    meshScore: 1,
    yaw: 0,
    pitch: 0,
    roll: 0,
    luma: 100,
    sharpness: 100,
    interEyeDistance: 40,
  }));
  const file = (ending: string) => join(root, 'cache', `${set}.${ending}`);
  writeFileSync(file('crops.u8'), Buffer.alloc(records.length * CROP_BYTES));
  writeFileSync(file('mesh.f32'), Buffer.alloc(records.length * MESH_VALUES * 4));
  writeFileSync(file('json'), JSON.stringify({ format: 1, set, records, missed: [] }));
}

const open = (set: string, asked: readonly string[] = ['other'], accessories: readonly string[] = []) =>
  openRunData(
    { ...RECIPES['smoke']!, data: { ...RECIPES['smoke']!.data, sets: [...asked] } },
    { data: join(root, set), cache: join(root, 'cache'), teacher: [], accessories, jobs: 1 },
  );

describe('openRunData', () => {
  it('refuses a folder in which nobody is known', async () => {
    writeNobody('shop');
    await expect(open('shop')).rejects.toThrow(/no people to learn: nobody in shop is known.*--sets shop/s);
  });

  it('takes it where it was asked for, or says so by its name', async () => {
    writeNobody('shop');
    writeNobody('unlabelled-shop');
    const refusal = /no people to learn/;
    for (const opening of [open('shop', ['shop']), open('unlabelled-shop')])
      expect(await opening.then(() => '', String)).not.toMatch(refusal);
  });

  it('tells which covered pictures of a list are in no set', async () => {
    writeNobody('unlabelled-shop');
    writeFileSync(join(root, 'worn.tsv'), 'path\that\n1.jpg\t1\ngone.jpg\t1\n');
    const told = vi.spyOn(console, 'log');
    await open('unlabelled-shop', ['other'], [`unlabelled-shop=${join(root, 'worn.tsv')}`]).catch(
      () => undefined,
    );
    expect(told.mock.calls.flat().join('\n')).toMatch(
      /1 of the 2 covered pictures .*unlabelled-shop\/gone\.jpg/,
    );
  });
});
