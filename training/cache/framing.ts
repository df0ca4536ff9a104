import { mainFace } from '@rounz/core/face/analyse.ts';
import type { FaceDetector } from '@rounz/core/face/detector.ts';
import type { DetectedFace } from '@rounz/core/face/face.ts';
import { interEyeDistance } from '@rounz/core/face/landmarks.ts';
import type { RgbaImage } from '@rounz/core/image.ts';

/** When a set's usual framing may stand for blazeface, which costs four times as much as the mesh. */
export interface FramingConfig {
  /** faces detected in full whose mean is the framing; pictures */
  readonly learnFrom: number;
  /** facemesh's confidence that a followed face needs, 0..1 */
  readonly minMeshScore: number;
  /** largest move of one of the five points between both passes, in inter-eye distances */
  readonly maxStep: number;
  /** tries after which the framing is judged, and the share of them that must have served */
  readonly judgeAfter: number;
  readonly minSuccess: number;
}

export const FRAMING: FramingConfig = {
  learnFrom: 16,
  minMeshScore: 0.9,
  maxStep: 0.08,
  judgeAfter: 100,
  minSuccess: 0.5,
};

export interface FoundFace {
  readonly face: DetectedFace;
  /** by the framing, without blazeface */
  readonly followed: boolean;
}

/**
 * Finds the main face of pictures that are all cut alike: learns where the face lies in the first ones, then lets the
 * detector follow it from there, as it does from frame to frame of a camera; whatever it doesn't find so, with
 * confidence and standing still, it detects in full. Pictures cut unlike each other are all detected in full.
 *
 * @param past whether following served on pictures of an earlier run, which came after those that the framing is learned
 *   from; they count as tries of this run, and may be added until the framing is learned
 */
export function createFramedFinder(
  detector: FaceDetector,
  config: FramingConfig = FRAMING,
  past: boolean[] = [],
) {
  const learned: DetectedFace[] = [];
  const meshes: Float32Array[] = [];
  let tries = 0;
  let successes = 0;

  const isGivenUp = (): boolean => tries >= config.judgeAfter && successes < tries * config.minSuccess;

  async function follow(image: RgbaImage): Promise<DetectedFace | undefined> {
    if (learned.length < config.learnFrom) return undefined;
    for (const served of past.splice(0)) {
      if (isGivenUp()) continue;
      tries++;
      successes += Number(served);
    }
    if (isGivenUp()) return undefined;
    tries++;
    const start = { ...learned[0]!, mesh: scaled(meanOf(meshes), image) };
    const [first] = await detector.detect(image, { previous: [start] });
    if (!first) return undefined;
    const [second] = await detector.detect(image, { previous: [first] });
    if (!second || second.meshScore < config.minMeshScore || step(first, second) > config.maxStep)
      return undefined;
    successes++;
    return second;
  }

  return async (image: RgbaImage): Promise<FoundFace | undefined> => {
    const followed = await follow(image);
    if (followed) return { face: followed, followed: true };
    const face = mainFace(await detector.detect(image), image);
    if (!face) return undefined;
    if (learned.length < config.learnFrom && face.meshScore >= config.minMeshScore) {
      learned.push(face);
      meshes.push(scaled(face.mesh, { width: 1 / image.width, height: 1 / image.height }));
    }
    return { face, followed: false };
  };
}

function scaled(mesh: Float32Array, { width, height }: { width: number; height: number }): Float32Array {
  return mesh.map((value, i) => value * (i % 3 === 1 ? height : width));
}

function meanOf(meshes: readonly Float32Array[]): Float32Array {
  return meshes[0]!.map((_, i) => meshes.reduce((sum, mesh) => sum + mesh[i]!, 0) / meshes.length);
}

function step(first: DetectedFace, second: DetectedFace): number {
  const moves = first.points.map((point, i) =>
    Math.hypot(second.points[i]!.x - point.x, second.points[i]!.y - point.y),
  );
  return Math.max(...moves) / interEyeDistance(second.points);
}
