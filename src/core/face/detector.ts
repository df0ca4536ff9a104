import type { RgbaImage } from '../image.ts';
import { fraction, imageBox } from '../units.ts';
import type { Candidate } from './blazeface.ts';
import type { DetectedFace, FivePoints } from './face.ts';
import { fivePointsOfKeypoints, fivePointsOfMesh, interEyeDistance } from './landmarks.ts';
import { FACEMESH, meshSquare, squareAroundMesh } from './mesh.ts';
import { type DetectorModels, loadDetectorModels, type ReadDetectorFile } from './models.ts';
import { type DetectorLook, runBlazeface, runMesh } from './networks.ts';
import { intersectionOverUnion } from './nms.ts';
import { type Pyramid, pyramidOf } from './pyramid.ts';
import { applySimilarity, type Similarity, scaleOf } from './transform.ts';

export interface DetectorConfig {
  /** tried in this order until a face is certain; small fills find faces that overflow the picture */
  readonly looks: readonly DetectorLook[];
  /** blazeface's score, 0..1 */
  readonly minScore: number;
  /** blazeface's score down to which a face still counts if the mesh confirms it, 0..1 */
  readonly lastResortScore: number;
  /** intersection over union above which two candidates are one face (MediaPipe: 0.3) */
  readonly minOverlap: number;
  readonly maxFaces: number;
  /** side of facemesh's square over the face's longer side (MediaPipe: 1.5) */
  readonly meshMargin: number;
  /** a second pass crops around the mesh of the first: a steadier mesh for twice the time */
  readonly meshPasses: number;
  /**
   * A second pass is left out where its square would be nearly the first one's: how far their centres may lie apart and their sides
   * differ, shares of the side. 0: never left out. On 55 photographs of LFW's training people, 42 of them within 0.05 and 0.1, the
   * embedding of one pass had a cosine of 0.991 to 0.999 to that of two
   */
  readonly steadySquare: { readonly shift: number; readonly scale: number };
  /** facemesh's confidence that confirms a face, 0..1; photographs of walls, noise and stripes read under 0.01 */
  readonly minMeshScore: number;
  /**
   * facemesh's confidence below which not even a sure box counts, unless the mesh lies where the box has eyes and nose: facemesh reads
   * 0.01 for a dark mask under a fringe, and its mesh is as steady as any. 0..1
   */
  readonly dropMeshScore: number;
  /** how far the mesh's eyes and nose may lie from blazeface's, in inter-eye distances, when it isn't trusted */
  readonly maxDisagreement: number;
}

/** For photographs: recall matters more than time. */
export const STILL_DETECTOR: DetectorConfig = {
  looks: [
    { fill: 1, border: 'black' },
    { fill: 0.6, border: 'replicate' },
    { fill: 0.4, border: 'replicate' },
  ],
  minScore: 0.5,
  lastResortScore: 0.1,
  minOverlap: 0.3,
  maxFaces: 8,
  meshMargin: 1.5,
  meshPasses: 2,
  steadySquare: { shift: 0, scale: 0 },
  minMeshScore: 0.5,
  dropMeshScore: 0,
  maxDisagreement: 0.35,
};

/** For camera frames: the next frame follows soon, and a false detection must not be greeted. */
export const VIDEO_DETECTOR: DetectorConfig = {
  ...STILL_DETECTOR,
  looks: [{ fill: 1, border: 'black', trimmed: true }],
  steadySquare: { shift: 0.05, scale: 0.1 },
  lastResortScore: 0.4,
  dropMeshScore: 0.1,
  maxFaces: 4,
};

export interface DetectOptions {
  /** faces of the frame before: followed by their meshes; blazeface runs only if one of them is lost, or where `look` says so */
  readonly previous?: readonly DetectedFace[];
  /** looks at the whole picture; what lay where a face was is believed sooner */
  readonly look?: boolean;
}

export interface FaceDetector {
  /**
   * Faces in the picture, nearest (largest inter-eye distance) first. Leaves no tensor behind.
   * Throws a RangeError for a picture whose buffer doesn't match its size. A pyramid is not built again.
   */
  detect(image: RgbaImage | Pyramid, options?: DetectOptions): Promise<DetectedFace[]>;
  dispose(): void;
}

/** Loads the detector onto tfjs' current backend. */
export async function loadFaceDetector(
  read: ReadDetectorFile,
  config: DetectorConfig = STILL_DETECTOR,
): Promise<FaceDetector> {
  return createFaceDetector(await loadDetectorModels(read), config);
}

/** A detector over loaded models, which it owns from now on. */
export function createFaceDetector(
  models: DetectorModels,
  config: DetectorConfig = STILL_DETECTOR,
): FaceDetector {
  return {
    async detect(image, options = {}) {
      const pyramid = pyramidOf(image);
      const { previous = [], look = false } = options;
      const followed = look ? undefined : await followFaces(models, pyramid, previous, config);
      return followed ?? nearestFirst(await lookForFaces(models, pyramid, previous, config));
    },
    dispose() {
      models.blazeface.dispose();
      models.facemesh.dispose();
    },
  };
}

const nearestFirst = (faces: readonly DetectedFace[]): DetectedFace[] =>
  [...faces].sort((p, q) => interEyeDistance(q.points) - interEyeDistance(p.points));

/** Undefined when there was nothing to follow or one was lost. */
async function followFaces(
  models: DetectorModels,
  pyramid: Pyramid,
  previous: readonly DetectedFace[],
  config: DetectorConfig,
): Promise<DetectedFace[] | undefined> {
  if (previous.length === 0) return undefined;
  const faces: DetectedFace[] = [];
  for (const { mesh, boxScore } of previous) {
    const found = await runMesh(models, pyramid, squareAroundMesh(mesh, config.meshMargin));
    if (found.score < config.minMeshScore) return undefined;
    const box = boxOfMesh(found.mesh);
    if (faces.some((face) => intersectionOverUnion(face.box, box) > config.minOverlap)) return undefined;
    const points = fivePointsOfMesh(found.mesh);
    faces.push({ box, boxScore, meshScore: fraction(found.score), mesh: found.mesh, points });
  }
  return nearestFirst(faces);
}

function boxOfMesh(mesh: Float32Array): DetectedFace['box'] {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < mesh.length; i += 3)
    for (const axis of [0, 1]) {
      low[axis] = Math.min(low[axis]!, mesh[i + axis]!);
      high[axis] = Math.max(high[axis]!, mesh[i + axis]!);
    }
  return imageBox(low[0]!, low[1]!, high[0]! - low[0]!, high[1]! - low[1]!);
}

/**
 * Faces of the first pass with a face that both networks are certain of; if there is none, of the pass with the highest
 * score.
 */
async function lookForFaces(
  models: DetectorModels,
  pyramid: Pyramid,
  previous: readonly DetectedFace[],
  config: DetectorConfig,
): Promise<DetectedFace[]> {
  const were = previous.map(({ mesh }) => boxOfMesh(mesh));
  const wasThere = (candidate: Candidate) =>
    were.some((box) => intersectionOverUnion(box, candidate) > config.minOverlap);
  let best: { belief: number; faces: DetectedFace[] } = { belief: 0, faces: [] };
  for (const look of config.looks) {
    const { lastResortScore, minOverlap, maxFaces } = config;
    const candidates = (await runBlazeface(models, pyramid, look, lastResortScore, minOverlap)).slice(
      0,
      maxFaces,
    );
    const nobodySure = candidates.every(({ score }) => score < config.minScore);
    const counted: DetectedFace[] = [];
    for (const candidate of candidates) {
      const followed = wasThere(candidate);
      if (candidate.score < config.minScore && !followed && !nobodySure) continue;
      const { face, trusted } = await meshOfCandidate(models, pyramid, candidate, config);
      if (counts(face, trusted, followed, config)) counted.push(face);
    }
    const faces = distinct(counted, config.minOverlap);
    const belief = Math.max(0, ...faces.map(beliefIn));
    if (belief > best.belief) best = { belief, faces };
    if (faces.some((face) => isSure(face, config))) break;
  }
  return best.faces;
}

const isSure = ({ boxScore, meshScore }: DetectedFace, config: DetectorConfig): boolean =>
  boxScore >= config.minScore && meshScore >= config.minMeshScore;

/**
 * A mask or a profile can lower the confidence of the mesh, and a nod that of the box. Then the other must be certain, or both must lie
 * in the same place: for a box that is not sure, where a face was in the frame before.
 */
function counts(
  { boxScore, meshScore }: DetectedFace,
  trusted: boolean,
  followed: boolean,
  config: DetectorConfig,
): boolean {
  return boxScore >= config.minScore
    ? meshScore >= config.dropMeshScore || trusted
    : meshScore >= config.minMeshScore || (trusted && followed);
}

/** Two candidates of one face lead to the same mesh; the one with the higher score is kept. */
function distinct(faces: readonly DetectedFace[], minOverlap: number): DetectedFace[] {
  const kept: DetectedFace[] = [];
  for (const face of [...faces].sort((p, q) => beliefIn(q) - beliefIn(p)))
    if (
      kept.every((other) => intersectionOverUnion(boxOfMesh(face.mesh), boxOfMesh(other.mesh)) <= minOverlap)
    )
      kept.push(face);
  return kept;
}

const beliefIn = ({ boxScore, meshScore }: DetectedFace): number => boxScore * (0.5 + 0.5 * meshScore);

/** A candidate's face. `trusted`: the mesh is certain, or lies where the box has the eyes and the nose. */
async function meshOfCandidate(
  models: DetectorModels,
  pyramid: Pyramid,
  candidate: Candidate,
  config: DetectorConfig,
): Promise<{ readonly face: DetectedFace; readonly trusted: boolean }> {
  const { x, y, width, height, score } = candidate;
  const [rightEye, leftEye] = candidate.keypoints;
  const centre = { x: x + width / 2, y: y + height / 2 };
  let square = meshSquare(centre, Math.max(width, height) * config.meshMargin, rightEye!, leftEye!);
  let found = await runMesh(models, pyramid, square);
  for (let pass = 1; pass < config.meshPasses; pass++) {
    const next = squareAroundMesh(found.mesh, config.meshMargin);
    if (found.score >= config.minMeshScore && isSteady(square, next, config.steadySquare)) break;
    square = next;
    const refined = await runMesh(models, pyramid, square);
    if (refined.score < Math.min(found.score, config.minMeshScore)) break;
    found = refined;
  }
  const byBox = fivePointsOfKeypoints(candidate.keypoints);
  const byMesh = fivePointsOfMesh(found.mesh);
  const trusted = found.score >= config.minMeshScore || disagreement(byMesh, byBox) <= config.maxDisagreement;
  const face: DetectedFace = {
    box: imageBox(x, y, width, height),
    boxScore: fraction(score),
    meshScore: fraction(found.score),
    mesh: found.mesh,
    points: trusted ? byMesh : byBox,
  };
  return { face, trusted };
}

/** Whether facemesh would see nearly the same through the second square as through the first. */
function isSteady(
  first: Similarity,
  second: Similarity,
  { shift, scale }: DetectorConfig['steadySquare'],
): boolean {
  const middle = FACEMESH.inputSize / 2;
  const [p, q] = [first, second].map((square) => applySimilarity(square, { x: middle, y: middle }));
  const side = scaleOf(second) * FACEMESH.inputSize;
  const growth = scaleOf(second) / scaleOf(first);
  return Math.hypot(q!.x - p!.x, q!.y - p!.y) < shift * side && Math.abs(growth - 1) < scale;
}

/** Largest distance between both detectors' eyes and nose, in inter-eye distances of the second. */
function disagreement(points: FivePoints, reference: FivePoints): number {
  const distances = [0, 1, 2].map((index) =>
    Math.hypot(points[index]!.x - reference[index]!.x, points[index]!.y - reference[index]!.y),
  );
  return Math.max(...distances) / interEyeDistance(reference);
}
