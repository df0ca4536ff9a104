import { describe, expect, it } from 'vitest';
import { MESH_POINTS } from './face.ts';
import { poseOfMesh, RIGID_POINTS } from './pose.ts';

const degrees = (value: number) => (value * Math.PI) / 180;

/** The canonical skull nodded, turned and rolled step by step, then projected: a mesh with a known pose. */
function meshAt(yaw: number, pitch: number, roll: number, scale = 14, dx = 320, dy = 240): Float32Array {
  const mesh = new Float32Array(MESH_POINTS * 3);
  for (const { index, at } of RIGID_POINTS) {
    let [x, y, z] = at as [number, number, number];
    // looking up: the face, which points to -z, goes to -y (up in a picture)
    [y, z] = [y * Math.cos(pitch) + z * Math.sin(pitch), z * Math.cos(pitch) - y * Math.sin(pitch)];
    // turned to the picture's right: -z goes to +x
    [x, z] = [x * Math.cos(yaw) - z * Math.sin(yaw), z * Math.cos(yaw) + x * Math.sin(yaw)];
    // clockwise in the picture: +x goes to +y (down)
    [x, y] = [x * Math.cos(roll) - y * Math.sin(roll), y * Math.cos(roll) + x * Math.sin(roll)];
    mesh.set([scale * x + dx, scale * y + dy, 0], index * 3);
  }
  return mesh;
}

describe('poseOfMesh', () => {
  it.each([
    [0, 0, 0],
    [30, 0, 0],
    [-60, 0, 0],
    [0, 20, 0],
    [0, -25, 0],
    [0, 0, 40],
    [35, -15, 20],
    [-45, 10, -30],
    [80, 0, 0],
  ])('recovers yaw %f, pitch %f, roll %f degrees', (yaw, pitch, roll) => {
    const pose = poseOfMesh(meshAt(degrees(yaw), degrees(pitch), degrees(roll)));
    expect(pose.yaw).toBeCloseTo(degrees(yaw), 4);
    expect(pose.pitch).toBeCloseTo(degrees(pitch), 4);
    expect(pose.roll).toBeCloseTo(degrees(roll), 4);
  });

  it('says by sign where the face looks: right in the picture is positive', () => {
    const mesh = meshAt(degrees(25), 0, 0);
    const nose = mesh[1 * 3]!;
    const temples = (mesh[127 * 3]! + mesh[356 * 3]!) / 2;
    expect(nose).toBeGreaterThan(temples);
    expect(poseOfMesh(mesh).yaw).toBeGreaterThan(0);
  });

  it('reads a mesh of x and y alone', () => {
    const mesh = meshAt(0.4, 0.1, -0.2);
    const flat = Float32Array.from({ length: MESH_POINTS * 2 }, (_, i) => mesh[(i >> 1) * 3 + (i % 2)]!);
    const [pose, same] = [poseOfMesh(mesh), poseOfMesh(flat, 2)];
    for (const angle of ['yaw', 'pitch', 'roll'] as const) expect(same[angle]).toBeCloseTo(pose[angle], 6);
  });

  it('hardly moves when a few points are noisy', () => {
    const mesh = meshAt(degrees(20), 0, 0);
    RIGID_POINTS.forEach(({ index }, i) => {
      mesh[index * 3]! += Math.sin(i * 12.9) * 2;
      mesh[index * 3 + 1]! += Math.cos(i * 7.7) * 2;
    });
    expect(Math.abs(poseOfMesh(mesh).yaw - degrees(20))).toBeLessThan(degrees(2));
  });
});
