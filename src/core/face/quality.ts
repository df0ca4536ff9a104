import type { AlignedCrop } from '../image.ts';
import type { DetectedFace, FaceQuality } from './face.ts';
import { interEyeDistance, MESH } from './landmarks.ts';
import { poseOfMesh } from './pose.ts';

/** BT.601 weights of red, green and blue. */
const LUMA = [0.299, 0.587, 0.114] as const;

/** Luma of each pixel of a crop, 0..255. */
function lumaPlane({ data, size }: AlignedCrop): Float32Array {
  const luma = new Float32Array(size * size);
  for (let i = 0; i < luma.length; i++)
    luma[i] = LUMA[0] * data[3 * i]! + LUMA[1] * data[3 * i + 1]! + LUMA[2] * data[3 * i + 2]!;
  return luma;
}

/**
 * Measures one face. `crop` is its aligned crop without margin, `cropMesh` its mesh in the crop's pixels (x, y).
 */
export function measureFace(face: DetectedFace, crop: AlignedCrop, cropMesh: Float32Array): FaceQuality {
  const luma = lumaPlane(crop);
  return {
    pose: poseOfMesh(face.mesh),
    interEyeDistance: interEyeDistance(face.points),
    luma: meanInside(
      luma,
      crop.size,
      MESH.oval.map((index) => [cropMesh[2 * index]!, cropMesh[2 * index + 1]!]),
    ),
    sharpness: laplacianVariance(luma, crop.size),
    eyeOpenness: (eyeAspect(face.mesh, MESH.rightAspect) + eyeAspect(face.mesh, MESH.leftAspect)) / 2,
  };
}

/** Mean of a plane over the pixels whose centres lie inside a polygon (even-odd rule); over all where none does. */
function meanInside(plane: Float32Array, size: number, polygon: readonly (readonly number[])[]): number {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < size; row++) {
    const crossings = crossingsOf(polygon, row + 0.5);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const from = Math.max(0, Math.ceil(crossings[k]! - 0.5));
      const to = Math.min(size - 1, Math.floor(crossings[k + 1]! - 0.5));
      for (let column = from; column <= to; column++) {
        sum += plane[row * size + column]!;
        count++;
      }
    }
  }
  return count > 0 ? sum / count : plane.reduce((total, value) => total + value, 0) / plane.length;
}

function crossingsOf(polygon: readonly (readonly number[])[], y: number): number[] {
  const crossings: number[] = [];
  polygon.forEach(([x0, y0], i) => {
    const [x1, y1] = polygon[(i + 1) % polygon.length]!;
    if (y0! > y !== y1! > y) crossings.push(x0! + ((y - y0!) / (y1! - y0!)) * (x1! - x0!));
  });
  return crossings.sort((p, q) => p - q);
}

/** Variance of the 4-neighbour Laplacian over the inner pixels (Pech-Pacheco et al., ICPR 2000). */
function laplacianVariance(plane: Float32Array, size: number): number {
  let sum = 0;
  let squares = 0;
  for (let row = 1; row < size - 1; row++)
    for (let column = 1; column < size - 1; column++) {
      const i = row * size + column;
      const value = plane[i - 1]! + plane[i + 1]! + plane[i - size]! + plane[i + size]! - 4 * plane[i]!;
      sum += value;
      squares += value * value;
    }
  const count = (size - 2) ** 2;
  return squares / count - (sum / count) ** 2;
}

/** Eye aspect ratio of six points (Soukupova and Cech 2016): lid distance over eye width. */
function eyeAspect(mesh: Float32Array, [p1, p2, p3, p4, p5, p6]: readonly number[]): number {
  const distance = (i: number, j: number) =>
    Math.hypot(mesh[3 * i]! - mesh[3 * j]!, mesh[3 * i + 1]! - mesh[3 * j + 1]!);
  const width = distance(p1!, p4!);
  return width > 0 ? (distance(p2!, p6!) + distance(p3!, p5!)) / (2 * width) : 0;
}
