import type { Mesh } from '../mesh.ts';

/** What is seen at each sample: depth, and for the nearest surface its mesh, triangle and barycentric weights. */
export interface VisibilityBuffer {
  readonly width: number;
  readonly height: number;
  /** larger is nearer; `FAR` where nothing is */
  readonly depth: Float32Array;
  /** index into the list of meshes; -1 where nothing is */
  readonly mesh: Int16Array;
  /** first entry of the triangle in the mesh's index */
  readonly triangle: Uint32Array;
  readonly weight0: Float32Array;
  readonly weight1: Float32Array;
}

export const FAR = -1e9;

export function createVisibility(width: number, height: number): VisibilityBuffer {
  const n = width * height;
  return {
    width,
    height,
    depth: new Float32Array(n).fill(FAR),
    mesh: new Int16Array(n).fill(-1),
    triangle: new Uint32Array(n),
    weight0: new Float32Array(n),
    weight1: new Float32Array(n),
  };
}

/**
 * Draws one mesh into the buffer.
 * @param screen x, y in samples and depth for each vertex of the mesh
 * @param inFrontOf samples behind this depth are skipped (glass against the opaque scene)
 */
export function rasterise(
  buffer: VisibilityBuffer,
  mesh: Mesh,
  meshIndex: number,
  screen: Float32Array,
  inFrontOf?: Float32Array,
): void {
  const { width, height, depth } = buffer;
  const { index, keep, position: p, attribute: at } = mesh;
  for (let t = 0; t < index.length; t += 3) {
    const i = index[t]! * 3;
    const j = index[t + 1]! * 3;
    const k = index[t + 2]! * 3;
    const ax = screen[i]!;
    const ay = screen[i + 1]!;
    const bx = screen[j]!;
    const by = screen[j + 1]!;
    const cx = screen[k]!;
    const cy = screen[k + 1]!;
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    if (Math.abs(area) < 1e-9) continue;
    const x0 = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
    const x1 = Math.min(width - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
    const y0 = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
    const y1 = Math.min(height - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
    if (x0 > x1 || y0 > y1) continue;
    const az = screen[i + 2]!;
    const bz = screen[j + 2]!;
    const cz = screen[k + 2]!;
    const inverse = 1 / area;
    for (let y = y0; y <= y1; y++) {
      const py = y + 0.5;
      for (let x = x0; x <= x1; x++) {
        const px = x + 0.5;
        const w0 = ((bx - px) * (cy - py) - (by - py) * (cx - px)) * inverse;
        const w1 = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) * inverse;
        const w2 = 1 - w0 - w1;
        if (w0 < -1e-5 || w1 < -1e-5 || w2 < -1e-5) continue;
        const z = w0 * az + w1 * bz + w2 * cz;
        const o = y * width + x;
        if (z <= depth[o]! || (inFrontOf && z <= inFrontOf[o]!)) continue;
        if (
          keep &&
          !keep(
            w0 * p[i]! + w1 * p[j]! + w2 * p[k]!,
            w0 * p[i + 1]! + w1 * p[j + 1]! + w2 * p[k + 1]!,
            w0 * p[i + 2]! + w1 * p[j + 2]! + w2 * p[k + 2]!,
            w0 * at[i]! + w1 * at[j]! + w2 * at[k]!,
            w0 * at[i + 1]! + w1 * at[j + 1]! + w2 * at[k + 1]!,
          )
        )
          continue;
        depth[o] = z;
        buffer.mesh[o] = meshIndex;
        buffer.triangle[o] = t;
        buffer.weight0[o] = w0;
        buffer.weight1[o] = w1;
      }
    }
  }
}
