import type { FaceQuality } from '../face/face.ts';
import { lengthOf, normalise } from '../math/vector.ts';

/** One frame's embedding and how much it is worth. */
export interface WeightedEmbedding {
  /** unit length */
  readonly embedding: Float32Array;
  /** >= 0, on any scale */
  readonly weight: number;
}

/** Eye distance (pixels) and sharpness (variance of the Laplacian) beyond which a picture is worth no more. */
const SATURATION = { interEyeDistance: 60, sharpness: 300 } as const;

/** Smallest weight of an accepted frame, so that a single frame can be fused. */
const FLOOR = 0.05;

/**
 * How much a frame's embedding is worth, 0.05..1: near, sharp and straight counts. Each factor saturates, for a crop of
 * 112 pixels gains nothing from more.
 */
export function qualityWeight({ interEyeDistance, sharpness, pose }: FaceQuality): number {
  const near = Math.min(1, interEyeDistance / SATURATION.interEyeDistance);
  const sharp = Math.min(1, Math.log1p(sharpness) / Math.log1p(SATURATION.sharpness));
  const straight = Math.max(0, Math.cos(pose.yaw) * Math.cos(pose.pitch));
  return Math.max(FLOOR, near * sharp * straight);
}

/**
 * The weighted mean of the `maxFrames` weightiest embeddings, brought back to unit length.
 *
 * @throws RangeError where nothing is given, lengths differ, or the mean vanishes (no weight at all, or opposite vectors)
 */
export function fuse(frames: readonly WeightedEmbedding[], maxFrames: number): Float32Array {
  const best = [...frames].sort((a, b) => b.weight - a.weight).slice(0, maxFrames);
  const first = best[0];
  if (!first) throw new RangeError('There is no embedding to fuse.');
  const sum = new Float32Array(first.embedding.length);
  for (const { embedding, weight } of best) {
    if (embedding.length !== sum.length)
      throw new RangeError(`Embeddings of ${sum.length} and ${embedding.length} values cannot be fused.`);
    for (let i = 0; i < sum.length; i++) sum[i]! += weight * embedding[i]!;
  }
  if (!(lengthOf(sum) > 1e-6))
    throw new RangeError('The embeddings cancel each other out or weigh nothing: they show no one person.');
  return normalise(sum);
}

/**
 * The one template by which a person of several is searched: the sum of their unit vectors, brought back to unit length. In
 * whichever space they are, for a rotation keeps sums and lengths.
 *
 * @throws RangeError as `fuse`
 */
export const fuseTemplates = (embeddings: readonly Float32Array[]): Float32Array =>
  fuse(
    embeddings.map((embedding) => ({ embedding, weight: 1 })),
    embeddings.length,
  );
