import type { Candidate } from './blazeface.ts';

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Area of the intersection over the area of the union, 0..1. */
export function intersectionOverUnion(p: Rectangle, q: Rectangle): number {
  const width = Math.min(p.x + p.width, q.x + q.width) - Math.max(p.x, q.x);
  const height = Math.min(p.y + p.height, q.y + q.height) - Math.max(p.y, q.y);
  if (!(width > 0) || !(height > 0)) return 0;
  const shared = width * height;
  return shared / (p.width * p.height + q.width * q.height - shared);
}

/**
 * One candidate for each face, best first. Overlapping candidates are blended, weighted by score, rather than dropped:
 * it steadies the keypoints (arXiv 1907.05047, section 4.2). The score is the best one's.
 */
export function blendOverlapping(candidates: readonly Candidate[], minOverlap: number): Candidate[] {
  let rest = [...candidates].sort((p, q) => q.score - p.score);
  const blended: Candidate[] = [];
  while (rest.length > 0) {
    const best = rest[0]!;
    const group = rest.filter((one) => one === best || intersectionOverUnion(best, one) > minOverlap);
    blended.push(weightedMean(best, group));
    rest = rest.filter((one) => !group.includes(one));
  }
  return blended;
}

function weightedMean(best: Candidate, group: readonly Candidate[]): Candidate {
  const total = group.reduce((sum, one) => sum + one.score, 0);
  const mean = (value: (one: Candidate) => number) =>
    group.reduce((sum, one) => sum + value(one) * one.score, 0) / total;
  return {
    score: best.score,
    x: mean((one) => one.x),
    y: mean((one) => one.y),
    width: mean((one) => one.width),
    height: mean((one) => one.height),
    keypoints: best.keypoints.map((_, k) => ({
      x: mean((one) => one.keypoints[k]!.x),
      y: mean((one) => one.keypoints[k]!.y),
    })),
  };
}
