import { clamp } from '../math.ts';
import { FAR, type VisibilityBuffer } from './raster.ts';

/** Two radii in units, their weights, and the depth over which a neighbour counts fully. */
const OCCLUSION = { near: 0.09, far: 0.26, nearWeight: 1.5, farWeight: 0.8, least: 0.3 } as const;

/** Share of the surrounding light that reaches each sample: what lies behind its blurred neighbourhood gets less. */
export function occlusionOf(buffer: VisibilityBuffer, samplesPerUnit: number): Float32Array {
  const { width, height } = buffer;
  const depth = buffer.depth.map((z) => (z === FAR ? -1.2 : z));
  const near = boxBlur(depth, width, height, Math.max(1, Math.round(OCCLUSION.near * samplesPerUnit)));
  const far = boxBlur(depth, width, height, Math.max(2, Math.round(OCCLUSION.far * samplesPerUnit)));
  return depth.map((z, i) =>
    clamp(
      1 -
        OCCLUSION.nearWeight * clamp(near[i]! - z - 0.01, 0, 0.35) -
        OCCLUSION.farWeight * clamp(far[i]! - z - 0.02, 0, 0.5),
      OCCLUSION.least,
      1,
    ),
  );
}

/** Mean over a square of `2 * radius + 1`, in two passes; edges repeat. */
function boxBlur(values: Float32Array, width: number, height: number, radius: number): Float32Array {
  const across = new Float32Array(values.length);
  const result = new Float32Array(values.length);
  pass(values, across, width, height, 1, width, radius);
  pass(across, result, height, width, width, 1, radius);
  return result;
}

function pass(
  from: Float32Array,
  to: Float32Array,
  length: number,
  lines: number,
  step: number,
  lineStep: number,
  radius: number,
): void {
  const size = 2 * radius + 1;
  for (let line = 0; line < lines; line++) {
    const start = line * lineStep;
    const at = (i: number): number => from[start + clamp(i, 0, length - 1) * step]!;
    let sum = 0;
    for (let i = -radius; i <= radius; i++) sum += at(i);
    for (let i = 0; i < length; i++) {
      to[start + i * step] = sum / size;
      sum += at(i + radius + 1) - at(i - radius);
    }
  }
}
