import { createRng } from '@rounz/core/math/random.ts';
import { CROP_SIZE } from '../augment/warp.ts';
import type { CachedFace } from '../cache/aligned-set.ts';
import { sampleMesh } from '../cache/sample-mesh.ts';

/** Nobody: smooth coloured waves, the same for a seed on every machine, so that a wrong place shows as a wrong value. */
export function syntheticFace(seed: number): CachedFace {
  const rng = createRng(seed);
  const [a, b, c] = [rng.between(0.02, 0.06), rng.between(0.02, 0.06), rng.between(0, 6)];
  const crop = Uint8Array.from({ length: CROP_SIZE * CROP_SIZE * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % CROP_SIZE, Math.floor(i / 3 / CROP_SIZE)];
    return 128 + 100 * Math.sin(a * x + b * y * ((i % 3) + 1) + c);
  });
  return { crop, mesh: sampleMesh() };
}
