import type { AlignedCrop } from '@rounz/core/image.ts';
import { createRng } from '@rounz/core/math/random.ts';

/** Embeddings have unit length in 512 values, so that a typical value is 0.04; half-precision backends stay below this. */
export const GOLDEN_TOLERANCE = 2e-3;

const WAVES = 12;

/** A smooth random colour field: no photograph, yet with content at every scale that the network looks at. */
export function patternCrop(seed: number, size: number): AlignedCrop {
  const rng = createRng(seed);
  const data = new Uint8ClampedArray(size * size * 3).fill(128);
  const waves = Array.from({ length: WAVES }, () => ({
    fx: rng.between(-0.6, 0.6),
    fy: rng.between(-0.6, 0.6),
    phase: rng.between(0, 2 * Math.PI),
    gain: [rng.between(-25, 25), rng.between(-25, 25), rng.between(-25, 25)],
  }));
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      for (let c = 0; c < 3; c++) {
        const value = waves.reduce(
          (sum, { fx, fy, phase, gain }) => sum + gain[c]! * Math.sin(fx * x + fy * y + phase),
          128,
        );
        data[(y * size + x) * 3 + c] = value;
      }
  return { data, size };
}
