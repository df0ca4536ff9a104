import type { FaceDetector } from '@rounz/core/face/detector.ts';
import { type DetectedFace, MESH_POINTS } from '@rounz/core/face/face.ts';
import { fivePointsOfMesh, MESH } from '@rounz/core/face/landmarks.ts';
import { fraction, imageBox } from '@rounz/core/units.ts';
import { describe, expect, it } from 'vitest';
import { createFramedFinder, FRAMING } from './framing.ts';

const image = { data: new Uint8ClampedArray(100 * 100 * 4), width: 100, height: 100 };

/** A face whose eyes are 20 pixels apart, moved by `dx`. */
function faceAt(dx: number, meshScore = 1): DetectedFace {
  const mesh = new Float32Array(MESH_POINTS * 3);
  for (const index of MESH.rightEye) mesh.set([40 + dx, 50, 0], index * 3);
  for (const index of MESH.leftEye) mesh.set([60 + dx, 50, 0], index * 3);
  for (const index of [MESH.noseTip, MESH.rightMouth, MESH.leftMouth]) mesh.set([50 + dx, 70, 0], index * 3);
  return {
    box: imageBox(30 + dx, 30, 40, 50),
    boxScore: fraction(0.9),
    meshScore: fraction(meshScore),
    mesh,
    points: fivePointsOfMesh(mesh),
  };
}

/** A detector whose full look and whose following give what the test says; counts both. */
function fakeDetector(full: (call: number) => DetectedFace[], following: (pass: number) => DetectedFace[]) {
  const calls = { full: 0, followed: 0 };
  const detector: FaceDetector = {
    async detect(_, options = {}) {
      return options.previous ? following(calls.followed++) : full(calls.full++);
    },
    dispose() {},
  };
  return { detector, calls };
}

describe('createFramedFinder', () => {
  const learn = async (find: ReturnType<typeof createFramedFinder>) => {
    for (let i = 0; i < FRAMING.learnFrom; i++) await find(image);
  };

  it('detects in full until it knows the framing, then follows from it', async () => {
    const { detector, calls } = fakeDetector(
      () => [faceAt(0)],
      () => [faceAt(1)],
    );
    const find = createFramedFinder(detector);
    await learn(find);
    expect(calls).toEqual({ full: FRAMING.learnFrom, followed: 0 });
    const found = await find(image);
    expect(found!.followed).toBe(true);
    expect(found!.face.points).toEqual(faceAt(1).points);
    expect(calls.full).toBe(FRAMING.learnFrom);
  });

  it('detects in full when the followed face is still moving or not believed', async () => {
    for (const following of [(pass: number) => [faceAt(pass * 4)], () => [faceAt(0, 0.5)], () => []]) {
      const { detector, calls } = fakeDetector(() => [faceAt(0)], following);
      const find = createFramedFinder(detector);
      await learn(find);
      expect((await find(image))!.followed).toBe(false);
      expect(calls.full).toBe(FRAMING.learnFrom + 1);
    }
  });

  it('stops trying where the pictures of a set are not cut alike', async () => {
    const { detector, calls } = fakeDetector(
      () => [faceAt(0)],
      () => [],
    );
    const find = createFramedFinder(detector);
    await learn(find);
    for (let i = 0; i < FRAMING.judgeAfter + 20; i++) await find(image);
    expect(calls.followed).toBe(FRAMING.judgeAfter);
  });

  it('goes on after an earlier run as if it had not stopped', async () => {
    const following = () => {
      const { detector, calls } = fakeDetector(
        () => [faceAt(0)],
        () => [],
      );
      return { detector, calls };
    };
    const whole = following();
    const find = createFramedFinder(whole.detector);
    await learn(find);
    for (let i = 0; i < FRAMING.judgeAfter + 20; i++) await find(image);
    const stopped = following();
    const resumed = createFramedFinder(stopped.detector, FRAMING, Array(60).fill(false));
    await learn(resumed);
    for (let i = 60; i < FRAMING.judgeAfter + 20; i++) await resumed(image);
    expect(stopped.calls.followed + 60).toBe(whole.calls.followed);
  });

  it('finds nothing where the detector finds nothing', async () => {
    const { detector } = fakeDetector(
      () => [],
      () => [],
    );
    expect(await createFramedFinder(detector)(image)).toBeUndefined();
  });
});
