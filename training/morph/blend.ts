import { MESH } from '@rounz/core/face/landmarks.ts';
import type { Rng } from '@rounz/core/math/random.ts';
import Delaunator from 'delaunator';
import { CROP_SIZE } from '../augment/warp.ts';
import type { CachedFace } from '../cache/aligned-set.ts';
import type { MorphConfig } from './config.ts';
import { matchLight, paintOver } from './sample.ts';

/** Points on the crop's border that stay where they are: corners and the thirds of the sides. */
const BORDER: readonly (readonly [x: number, y: number])[] = [0, 1, 2, 3].flatMap((i) =>
  [0, 1, 2, 3]
    .filter((j) => i === 0 || i === 3 || j === 0 || j === 3)
    .map((j) => [(i / 3) * CROP_SIZE, (j / 3) * CROP_SIZE] as const),
);

/**
 * A face that nobody has: a shape between those of two faces (or beyond them), filled with a mixture of both that
 * differs from part to part, on the first one's head. Both are warped triangle by triangle onto the new shape, so that eyes
 * lie on eyes and no feature is seen twice (Wolberg 1998, "Image morphing: a survey").
 */
export function blendFaces(first: CachedFace, second: CachedFace, config: MorphConfig, rng: Rng): CachedFace {
  const share = rng.between(...config.shape);
  const mesh = first.mesh.map((value, i) => value + share * (second.mesh[i]! - value));
  const weights = shares(mesh, config, rng);
  const lit = matchLight(first, second, rng.between(...config.light));
  const crop = new Uint8Array(CROP_SIZE * CROP_SIZE * 3);
  const points = withBorder(mesh);
  const sources = {
    first: first.crop,
    from: withBorder(first.mesh),
    second: lit,
    other: withBorder(second.mesh),
  };
  const { triangles } = new Delaunator(points);
  for (let t = 0; t < triangles.length; t += 3)
    fillTriangle(crop, points, [triangles[t]!, triangles[t + 1]!, triangles[t + 2]!], sources, weights);
  return { crop, mesh };
}

function withBorder(mesh: Float32Array): Float64Array {
  const points = new Float64Array(mesh.length + BORDER.length * 2);
  points.set(mesh);
  BORDER.forEach(([x, y], i) => {
    points[mesh.length + 2 * i] = x;
    points[mesh.length + 2 * i + 1] = y;
  });
  return points;
}

/** The second face's share at each point; outline and border belong to the first face, so that no seam shows. */
function shares(mesh: Float32Array, config: MorphConfig, rng: Rng): Float32Array {
  const base = rng.between(...config.texture);
  const parts = Array.from({ length: config.bumps }, () => {
    const centre = rng.below(mesh.length / 2);
    const radius = rng.between(...config.bumpRadius);
    const height = rng.between(-config.bump, config.bump);
    return { x: mesh[centre * 2]!, y: mesh[centre * 2 + 1]!, radius, height };
  });
  const weights = new Float32Array(mesh.length / 2 + BORDER.length);
  for (let i = 0; i < mesh.length / 2; i++) {
    const share = parts.reduce((sum, { x, y, radius, height }) => {
      const distance = Math.hypot(mesh[i * 2]! - x, mesh[i * 2 + 1]! - y) / radius;
      return sum + height * Math.exp(-distance * distance);
    }, base);
    const inside = Math.min(1, outlineDistance(mesh, i) / config.seam);
    weights[i] = inside * Math.min(1, Math.max(0, share));
  }
  return weights;
}

/** From point i to the nearest point of the face's outline, pixels. */
function outlineDistance(mesh: Float32Array, i: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const index of MESH.oval)
    nearest = Math.min(
      nearest,
      Math.hypot(mesh[i * 2]! - mesh[index * 2]!, mesh[i * 2 + 1]! - mesh[index * 2 + 1]!),
    );
  return nearest;
}

type Corners = readonly [number, number, number];

/** Both crops, and where the points of the new face lie in them. */
interface Sources {
  readonly first: Uint8Array;
  readonly from: Float64Array;
  readonly second: Uint8Array;
  readonly other: Float64Array;
}

/** Paints the pixels whose centres lie in the triangle. */
function fillTriangle(
  crop: Uint8Array,
  points: Float64Array,
  [a, b, c]: Corners,
  { first, from, second, other }: Sources,
  weights: Float32Array,
): void {
  const [ax, ay] = [points[a * 2]!, points[a * 2 + 1]!];
  const [bx, by] = [points[b * 2]!, points[b * 2 + 1]!];
  const [cx, cy] = [points[c * 2]!, points[c * 2 + 1]!];
  const area = (by - cy) * (ax - cx) + (cx - bx) * (ay - cy);
  if (area === 0) return;
  const [left, right] = [firstPixel(Math.min(ax, bx, cx)), lastPixel(Math.max(ax, bx, cx))];
  const bottom = lastPixel(Math.max(ay, by, cy));
  for (let y = firstPixel(Math.min(ay, by, cy)); y <= bottom; y++)
    for (let x = left; x <= right; x++) {
      const px = x + 0.5 - cx;
      const py = y + 0.5 - cy;
      const l0 = ((by - cy) * px + (cx - bx) * py) / area;
      const l1 = ((cy - ay) * px + (ax - cx) * py) / area;
      const l2 = 1 - l0 - l1;
      // A pixel on an edge belongs to both neighbours, which paint it alike.
      if (l0 < -1e-9 || l1 < -1e-9 || l2 < -1e-9) continue;
      const at = (y * CROP_SIZE + x) * 3;
      const fx = l0 * from[a * 2]! + l1 * from[b * 2]! + l2 * from[c * 2]!;
      const fy = l0 * from[a * 2 + 1]! + l1 * from[b * 2 + 1]! + l2 * from[c * 2 + 1]!;
      paintOver(crop, at, first, fx, fy, 1);
      const weight = l0 * weights[a]! + l1 * weights[b]! + l2 * weights[c]!;
      if (weight <= 0) continue;
      const ox = l0 * other[a * 2]! + l1 * other[b * 2]! + l2 * other[c * 2]!;
      const oy = l0 * other[a * 2 + 1]! + l1 * other[b * 2 + 1]! + l2 * other[c * 2 + 1]!;
      paintOver(crop, at, second, ox, oy, weight);
    }
}

/** Column or row of the first and the last pixel whose centre lies beyond an edge. */
const firstPixel = (edge: number): number => Math.max(0, Math.ceil(edge - 0.5));
const lastPixel = (edge: number): number => Math.min(CROP_SIZE - 1, Math.floor(edge - 0.5));
