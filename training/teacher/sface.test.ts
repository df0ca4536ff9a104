import { existsSync } from 'node:fs';
import { dot } from '@rounz/core/math/vector.ts';
import { describe, expect, it } from 'vitest';
import { CACHED_CROP } from '../cache/aligned-set.ts';
import { TEACHER_SIZE } from './embeddings.ts';
import { SFaceTeacher } from './sface.ts';
import { SFACE } from './sface-weights.ts';
import { syntheticFace } from './synthetic-face.ts';

const { size: SIDE, margin: MARGIN, side: CACHED_SIDE } = CACHED_CROP;
/** Loading the runtime and the network may fetch them. */
const TIMEOUT = 600_000;

/** First values of two drawn faces' embeddings, from the same file in onnxruntime for Python. */
const GOLDEN = [
  [0.00809, -0.06655, 0.04904, 0.14971, -0.06117, -0.00336],
  [-0.02418, -0.02793, -0.00615, 0.12561, -0.05774, 0.02394],
] as const;

describe('SFaceTeacher', () => {
  const faces = [syntheticFace(1), syntheticFace(2)];

  it('shows the network the planes of each middle and of its mirror image', async () => {
    const shown: Float32Array[] = [];
    const teacher = new SFaceTeacher(async (planes) => {
      shown.push(planes);
      return new Float32Array(TEACHER_SIZE).fill(1);
    });
    await teacher.embed(faces);
    expect(shown).toHaveLength(4);
    const pixel = (face: number, x: number, y: number, c: number) =>
      faces[face]!.crop[((y + MARGIN) * CACHED_SIDE + x + MARGIN) * 3 + c];
    for (const [x, y, c] of [
      [0, 0, 0],
      [5, 80, 1],
      [111, 30, 2],
    ] as const) {
      expect(shown[2]![(c * SIDE + y) * SIDE + x]).toBe(pixel(1, x, y, c));
      expect(shown[3]![(c * SIDE + y) * SIDE + x]).toBe(pixel(1, SIDE - 1 - x, y, c));
    }
  });

  it('gives the sum of both unit embeddings, of unit length', async () => {
    let asked = 0;
    const teacher = new SFaceTeacher(async () => {
      const values = new Float32Array(TEACHER_SIZE);
      // A long embedding of the picture and a short one of its mirror image count the same.
      values[asked] = asked === 0 ? 30 : 0.1;
      asked += 1;
      return values;
    });
    const [row] = await teacher.embed(faces.slice(0, 1));
    expect(row![0]).toBeCloseTo(Math.SQRT1_2, 6);
    expect(row![1]).toBeCloseTo(Math.SQRT1_2, 6);
  });

  it.skipIf(!existsSync(SFACE.file))(
    'gives with its own weights what another runtime gives (skipped until `teach --teacher sface` has fetched them)',
    async () => {
      const rows = await (await SFaceTeacher.load()).embed(faces);
      for (const [i, values] of GOLDEN.entries()) {
        expect(dot(rows[i]!, rows[i]!)).toBeCloseTo(1, 5);
        for (const [k, value] of values.entries()) expect(Math.abs(rows[i]![k]! - value)).toBeLessThan(1e-4);
      }
    },
    TIMEOUT,
  );
});
