import { type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { BLAZEFACE, type Candidate, decodeGrid } from './blazeface.ts';
import { FACEMESH, meshToPicture } from './mesh.ts';
import type { DetectorModels } from './models.ts';
import { blendOverlapping } from './nms.ts';
import type { Pyramid } from './pyramid.ts';
import { applySimilarity, type Similarity, scaleOf } from './transform.ts';
import { type Border, samplePatch } from './warp.ts';

/** One look of blazeface at the picture. */
export interface DetectorLook {
  /** share of the 256 pixels that the picture's longer side takes, 0..1 */
  readonly fill: number;
  /** what surrounds the picture there */
  readonly border: Border;
  /** the input's border is cut off as far as the network allows: a 4:3 frame is a quarter less work */
  readonly trimmed?: boolean;
}

/**
 * Blazeface's candidates at or above `minScore`, one for each face, best first, in the picture's pixels. The picture lies
 * in the middle of the input; its longer side fills `fill` of 256 pixels.
 */
export async function runBlazeface(
  { blazeface }: DetectorModels,
  pyramid: Pyramid,
  { fill, border, trimmed = false }: DetectorLook,
  minScore: number,
  minOverlap: number,
): Promise<Candidate[]> {
  const size = BLAZEFACE.inputSize;
  const { width, height } = pyramid.base;
  const scale = Math.max(width, height) / (size * fill);
  const sideOf = (pixels: number): number => (trimmed ? trimmedSide(pixels / scale) : size);
  const [columns, rows] = [sideOf(width), sideOf(height)];
  const toPicture = {
    a: scale,
    b: 0,
    tx: (width - columns * scale) / 2,
    ty: (height - rows * scale) / 2,
  };
  const input = new Float32Array(columns * rows * 3);
  const { gain, bias } = BLAZEFACE;
  samplePatch(pyramid, { width: columns, height: rows, toPicture, border, gain, bias }, input);
  const names = BLAZEFACE.grids.flatMap((grid) => [grid.scores, grid.boxes]);
  const values = await execute(blazeface, input, [rows, columns], names);
  const candidates = BLAZEFACE.grids.flatMap((grid, index) =>
    decodeGrid(grid, columns, values[2 * index]!, values[2 * index + 1]!, minScore),
  );
  return blendOverlapping(candidates, minOverlap).map((one) => toPicturePixels(one, toPicture));
}

/** The least multiple of the coarse grid's stride that holds so many pixels; a hair more is no pixel. */
function trimmedSide(pixels: number): number {
  const { stride } = BLAZEFACE.grids[1];
  return Math.ceil(pixels / stride - 1e-6) * stride;
}

function toPicturePixels(candidate: Candidate, toPicture: Similarity): Candidate {
  const scale = scaleOf(toPicture);
  return {
    score: candidate.score,
    ...applySimilarity(toPicture, candidate),
    width: candidate.width * scale,
    height: candidate.height * scale,
    keypoints: candidate.keypoints.map((point) => applySimilarity(toPicture, point)),
  };
}

/** Facemesh on one square of the picture: 468 points in the picture's pixels, and its confidence, 0..1. */
export async function runMesh(
  { facemesh }: DetectorModels,
  pyramid: Pyramid,
  toPicture: Similarity,
): Promise<{ mesh: Float32Array; score: number }> {
  const size = FACEMESH.inputSize;
  const input = new Float32Array(size * size * 3);
  samplePatch(
    pyramid,
    { width: size, height: size, toPicture, border: 'replicate', gain: FACEMESH.gain, bias: 0 },
    input,
  );
  const [raw, flag] = await execute(facemesh, input, [size, size], [FACEMESH.mesh, FACEMESH.flag]);
  return { mesh: meshToPicture(raw!, toPicture), score: flag![0]! };
}

/** Runs a model on one RGB input of so many rows and columns and reads its outputs; disposes whatever it made. */
async function execute(
  model: DetectorModels['blazeface'],
  input: Float32Array,
  [rows, columns]: readonly [number, number],
  outputs: string[],
): Promise<ArrayLike<number>[]> {
  const results = tidy(() => model.execute(tensor(input, [1, rows, columns, 3]), outputs) as Tensor[]);
  try {
    return await Promise.all(results.map((result) => result.data<'float32'>()));
  } finally {
    for (const result of results) result.dispose();
  }
}
