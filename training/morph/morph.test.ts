import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@rounz/core/math/random.ts';
import { afterAll, describe, expect, it } from 'vitest';
import { CROP_SIZE } from '../augment/warp.ts';
import { type CachedFace, openAlignedSets } from '../cache/aligned-set.ts';
import { sampleMesh } from '../cache/sample-mesh.ts';
import type { Split } from '../samples/samples.ts';
import { loadTeacher, openTeacherFolder, TEACHER_SIZE } from '../teacher/embeddings.ts';
import { syntheticFace } from '../teacher/synthetic-face.ts';
import { blendFaces } from './blend.ts';
import { MORPH, type MorphConfig } from './config.ts';
import { createPairs } from './pairs.ts';
import { openMorphSet } from './write.ts';

const pixels = CROP_SIZE * CROP_SIZE;
const flat = (level: number): CachedFace => ({
  crop: new Uint8Array(pixels * 3).fill(level),
  mesh: sampleMesh(),
});

const moved = (mesh: Float32Array, factor: number): Float32Array =>
  mesh.map((value) => 72 + (value - 72) * factor);

const still: MorphConfig = { ...MORPH, shape: [0, 0], texture: [1, 1], bumps: 0, light: [0, 0] };
const at = (crop: Uint8Array, x: number, y: number): number => crop[(y * CROP_SIZE + x) * 3]!;

describe('blendFaces', () => {
  it('of a face with itself gives that face', () => {
    const face = syntheticFace(3);
    const { crop, mesh } = blendFaces(face, face, MORPH, createRng(1));
    expect([...mesh]).toEqual([...face.mesh]);
    // Its own light, taken over in full or in part, leaves rounding alone.
    for (let i = 0; i < crop.length; i++) expect(Math.abs(crop[i]! - face.crop[i]!)).toBeLessThanOrEqual(2);
  });

  it('puts the second face into the middle and leaves the first head around it', () => {
    const { crop } = blendFaces(flat(40), flat(200), still, createRng(1));
    expect(at(crop, 72, 85)).toBe(200);
    expect(at(crop, 5, 5)).toBe(40);
    expect(at(crop, 72, 34)).toBe(40);
  });

  it('moves features to where the new shape has them', () => {
    const first = syntheticFace(5);
    const second = { ...first, mesh: moved(first.mesh, 0.8) };
    const whole = { ...still, shape: [1, 1], texture: [0, 0] } as const;
    const { crop, mesh } = blendFaces(first, second, whole, createRng(1));
    expect([...mesh]).toEqual([...second.mesh]);
    // What lay at (102, 69) of the first face, the left eye's corner, lies at 72 + 0.8 * 30 now.
    const corner = 263 * 2;
    const [x, y] = [first.mesh[corner]!, first.mesh[corner + 1]!];
    const found = at(crop, Math.floor(72 + (x - 72) * 0.8), Math.floor(72 + (y - 72) * 0.8));
    expect(Math.abs(found - at(first.crop, x, y))).toBeLessThan(12);
  });

  it('takes over the first face’s light', () => {
    const { crop } = blendFaces(flat(40), flat(200), { ...still, light: [1, 1] }, createRng(1));
    expect(at(crop, 72, 85)).toBe(40);
  });

  it('is the same for the same seed, and another for another', () => {
    const make = (seed: number) =>
      blendFaces(syntheticFace(1), syntheticFace(2), MORPH, createRng(seed)).crop;
    expect(make(7)).toEqual(make(7));
    expect(make(7)).not.toEqual(make(8));
  });
});

describe('a set of morphs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'morph-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is read like any aligned set, with its teacher; and lends pairs', async () => {
    const faces = [syntheticFace(1), syntheticFace(2), syntheticFace(3)];
    const embeddings = faces.map((_, i) => new Float32Array(TEACHER_SIZE).fill(i + 1));
    const written = openMorphSet(folder, 'morph', openTeacherFolder(join(folder, 'teacher'), 'face-api'));
    await written.add(faces, embeddings);
    await written.finish();
    const sets = openAlignedSets(folder, ['morph']);
    expect(sets[0]!.readCrop(2)).toEqual(faces[2]!.crop);
    expect(sets[0]!.readMesh(1)).toEqual(faces[1]!.mesh);
    expect(loadTeacher(join(folder, 'teacher')).get('morph/2')).toEqual(embeddings[2]);

    const sample = (index: number, person: string) => ({
      set: 'morph',
      index,
      person,
      label: -1,
      path: '',
      target: undefined,
    });
    const people = [sample(0, 'a'), sample(1, 'a'), sample(2, 'b')];
    const split = { pictures: people } as unknown as Split;
    const pairs = createPairs(sets, split, new Set(['morph/1']), MORPH);
    const rng = createRng(4);
    const isOf = (face: CachedFace) => faces.findIndex(({ crop }) => crop.join() === face.crop.join());
    for (let i = 0; i < 8; i++) expect(pairs.draw(rng).map(isOf).sort()).toEqual([0, 2]);
    expect(() => createPairs(sets, { ...split, pictures: [people[0]!] } as Split, new Set(), MORPH)).toThrow(
      /two people/,
    );
    for (const set of sets) set.close();
  });
});
