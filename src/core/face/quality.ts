import type { AlignedCrop } from '../image.ts';
import { measureCover } from './cover.ts';
import type { DetectedFace, FaceQuality } from './face.ts';
import { interEyeDistance, MESH } from './landmarks.ts';
import { poseOfMesh } from './pose.ts';
import { lumaOf, meanColour } from './region.ts';

/** What a face that lies outside its crop counts as: neither dark nor bright. */
const GREY = { red: 128, green: 128, blue: 128 };

/** Luma of each pixel of a crop, 0..255. */
function lumaPlane({ data, size }: AlignedCrop): Float32Array {
  const luma = new Float32Array(size * size);
  for (let i = 0; i < luma.length; i++)
    luma[i] = lumaOf({ red: data[3 * i]!, green: data[3 * i + 1]!, blue: data[3 * i + 2]! });
  return luma;
}

/**
 * Measures one face. `crop` is its aligned crop without margin, `cropMesh` its mesh in the crop's pixels (x, y). The eye
 * aspect ratio is that of the unturned head: a turn foreshortens the eye's width and not its height.
 */
export function measureFace(face: DetectedFace, crop: AlignedCrop, cropMesh: Float32Array): FaceQuality {
  const pose = poseOfMesh(face.mesh);
  const aspect = eyeAspect(face.mesh, MESH.rightAspect) + eyeAspect(face.mesh, MESH.leftAspect);
  return {
    pose,
    interEyeDistance: interEyeDistance(face.points),
    luma: lumaOf(meanColour(crop, cropMesh, [MESH.oval]) ?? GREY),
    sharpness: laplacianVariance(lumaPlane(crop), crop.size),
    eyeOpenness: (aspect * Math.cos(pose.yaw)) / 2,
    cover: measureCover(crop, cropMesh),
  };
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
