import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRng } from '../augment/rng.ts';
import { sampleMesh } from '../augment/sample-mesh.ts';
import { CROP_SIZE } from '../augment/warp.ts';
import { openAlignedSets } from '../data/aligned-set.ts';
import { loadTeacher, TEACHER_SIZE } from '../data/teacher.ts';
import { loadPeer } from '../evaluation/peers.ts';
import type { Split } from '../samples.ts';
import { blendFaces } from './blend.ts';
import { MORPH, type MorphConfig } from './config.ts';
import { createPairs } from './pairs.ts';
import type { Face } from './sample.ts';
import { TEACHER_SIDE, TeacherNetwork } from './teacher-network.ts';
import { cutForTeacher } from './teacher-window.ts';
import { openMorphSet } from './write.ts';

const pixels = CROP_SIZE * CROP_SIZE;
const flat = (level: number): Face => ({
  crop: new Uint8Array(pixels * 3).fill(level),
  mesh: sampleMesh(),
});

/** Smooth coloured waves, so that a wrong place shows as a wrong value. */
function waves(seed: number): Face {
  const rng = createRng(seed);
  const [a, b, c] = [rng.between(0.02, 0.06), rng.between(0.02, 0.06), rng.between(0, 6)];
  const crop = Uint8Array.from({ length: pixels * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % CROP_SIZE, Math.floor(i / 3 / CROP_SIZE)];
    return 128 + 100 * Math.sin(a * x + b * y * ((i % 3) + 1) + c);
  });
  return { crop, mesh: sampleMesh() };
}

const moved = (mesh: Float32Array, factor: number): Float32Array =>
  mesh.map((value) => 72 + (value - 72) * factor);

const still: MorphConfig = { ...MORPH, shape: [0, 0], texture: [1, 1], bumps: 0, light: [0, 0] };
const at = (crop: Uint8Array, x: number, y: number): number => crop[(y * CROP_SIZE + x) * 3]!;

describe('blendFaces', () => {
  it('of a face with itself gives that face', () => {
    const face = waves(3);
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
    const first = waves(5);
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
    const make = (seed: number) => blendFaces(waves(1), waves(2), MORPH, createRng(seed)).crop;
    expect(make(7)).toEqual(make(7));
    expect(make(7)).not.toEqual(make(8));
  });
});

describe('a set of morphs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'morph-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is read like any aligned set, with its teacher; and lends pairs', async () => {
    const faces = [waves(1), waves(2), waves(3)];
    const embeddings = faces.map((_, i) => new Float32Array(TEACHER_SIZE).fill(i + 1));
    const written = openMorphSet(folder, 'morph', join(folder, 'teacher'));
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
      target: undefined,
    });
    const people = [sample(0, 'a'), sample(1, 'a'), sample(2, 'b')];
    const split = { pictures: people } as unknown as Split;
    const pairs = createPairs(sets, split, new Set(['morph/1']), MORPH);
    const rng = createRng(4);
    const isOf = (face: Face) => faces.findIndex(({ crop }) => crop.join() === face.crop.join());
    for (let i = 0; i < 8; i++) expect(pairs.draw(rng).map(isOf).sort()).toEqual([0, 2]);
    expect(() => createPairs(sets, { ...split, pictures: [people[0]!] } as Split, new Set(), MORPH)).toThrow(
      /two people/,
    );
    for (const set of sets) set.close();
  });
});

describe('the teacher’s network', () => {
  beforeAll(async () => {
    await import('@tensorflow/tfjs-backend-wasm');
    await tf.setBackend('wasm');
  });

  it('gives face-api’s own values', async () => {
    const face = waves(9);
    const picture = new Uint8ClampedArray(TEACHER_SIDE * TEACHER_SIDE * 3);
    cutForTeacher(face.crop, face.mesh, picture);
    const before = tf.memory().numTensors;
    const network = TeacherNetwork.load();
    const [ours] = await network.embed(picture, 1);
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
    const theirs = await faceApiDescriptor(picture);
    ours!.forEach((value, i) => {
      expect(Math.abs(value - theirs[i]!)).toBeLessThan(2e-4);
    });
  });
});

/** The descriptor of a picture that is cut out already, by the package itself. */
async function faceApiDescriptor(picture: Uint8ClampedArray): Promise<Float32Array> {
  (await loadPeer('face-api')).dispose();
  const { createRequire } = await import('node:module');
  const require = createRequire(import.meta.url);
  const faceApi = require('@vladmandic/face-api/dist/face-api.node-wasm.js') as {
    nets: { faceRecognitionNet: { computeFaceDescriptor(input: object): Promise<Float32Array> } };
  };
  const theirTf = require('@tensorflow/tfjs') as typeof tf;
  const tensor = theirTf.tensor3d(Int32Array.from(picture), [TEACHER_SIDE, TEACHER_SIDE, 3], 'int32');
  const values = await faceApi.nets.faceRecognitionNet.computeFaceDescriptor(tensor);
  tensor.dispose();
  return values;
}
