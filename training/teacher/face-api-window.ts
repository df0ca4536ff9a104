import { MESH } from '@rounz/core/face/landmarks.ts';
import { CROP_SIZE, warp } from '../augment/warp.ts';
import { FACE_API_SIDE } from './face-api-network.ts';

/** Points around the mouth whose mean stands for the mean of the 20 that face-api's landmarks have there. */
const MOUTH = [61, 291, 0, 17, 13, 14, 37, 267, 84, 314] as const;

/** Of face-api's alignment: the window's side is the distance from eyes to mouth over this. */
const RELATIVE_SCALE = 0.45;
/** Where the mean of eyes and mouth lies in the window, as a share of its side. */
const RELATIVE_X = 0.5;
const RELATIVE_Y = 0.43;

const centre = (mesh: Float32Array, indices: readonly number[]): [number, number] => {
  let [x, y] = [0, 0];
  for (const index of indices) {
    x += mesh[index * 2]!;
    y += mesh[index * 2 + 1]!;
  }
  return [x / indices.length, y / indices.length];
};

/** Where face-api would cut the face out of an aligned crop: its rule, with the mesh's eyes and mouth. */
export function faceApiWindow(mesh: Float32Array): { x: number; y: number; side: number } {
  const mouth = centre(mesh, MOUTH);
  const eyes = [centre(mesh, MESH.rightEye), centre(mesh, MESH.leftEye)];
  const [right, left] = eyes.map(([x, y]) => Math.hypot(x - mouth[0], y - mouth[1])) as [number, number];
  const side = (right + left) / 2 / RELATIVE_SCALE;
  const x = (eyes[0]![0] + eyes[1]![0] + mouth[0]) / 3;
  const y = (eyes[0]![1] + eyes[1]![1] + mouth[1]) / 3;
  return { x: x - RELATIVE_X * side, y: y - RELATIVE_Y * side, side };
}

/**
 * What face-api sees of a cached crop.
 *
 * @param crop RGB, 144 x 144
 * @param out RGB, 150 x 150, to be filled
 */
export function cutForFaceApi(crop: Uint8Array, mesh: Float32Array, out: Uint8ClampedArray): void {
  const { x, y, side } = faceApiWindow(mesh);
  const step = side / FACE_API_SIDE;
  warp(crop, CROP_SIZE, out, FACE_API_SIDE, { xx: step, xy: 0, x0: x, yx: 0, yy: step, y0: y });
}
