import { existsSync } from 'node:fs';
import { dot } from '@rounz/core/math/vector.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { useWasmBackend } from '../data/detector-models.ts';
import { SFaceTeacher } from './sface.ts';
import { obtainSFace, SFACE } from './sface-weights.ts';
import { syntheticFace } from './synthetic-face.ts';

/** First values of two drawn faces' embeddings, from the same file in onnxruntime for Python. */
const GOLDEN = [
  [0.00809, -0.06655, 0.04904, 0.14971, -0.06117, -0.00336],
  [-0.02418, -0.02793, -0.00615, 0.12561, -0.05774, 0.02394],
] as const;

beforeAll(useWasmBackend);

describe('SFaceTeacher', () => {
  it.skipIf(!existsSync(SFACE.file))(
    'gives with its own weights what another runtime gives (skipped until `teach --teacher sface` has fetched them)',
    async () => {
      const faces = [syntheticFace(1), syntheticFace(2)];
      const teacher = new SFaceTeacher(await obtainSFace());
      const rows = await teacher.embed(faces);
      teacher.dispose();
      for (const [i, values] of GOLDEN.entries()) {
        expect(dot(rows[i]!, rows[i]!)).toBeCloseTo(1, 5);
        for (const [k, value] of values.entries()) expect(Math.abs(rows[i]![k]! - value)).toBeLessThan(1e-4);
      }
    },
  );
});
