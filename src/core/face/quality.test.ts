import { describe, expect, it } from 'vitest';
import type { AlignedCrop } from '../image.ts';
import { fraction, imageBox, imagePoint, radians } from '../units.ts';
import { COVER_REGIONS, measureCover } from './cover.ts';
import type { DetectedFace, FaceQuality, QualityIssue } from './face.ts';
import { MESH_POINTS } from './face.ts';
import { QUALITY, qualityIssues } from './issues.ts';
import { MESH } from './landmarks.ts';
import { measureFace } from './quality.ts';

const SIZE = 112;

/** A mesh whose oval is a circle of radius 30 around (56, 56) and whose eyes have a known aspect ratio. */
function circleMesh(aspect: number): Float32Array {
  const mesh = new Float32Array(MESH_POINTS * 3);
  MESH.oval.forEach((index, i) => {
    const angle = (2 * Math.PI * i) / MESH.oval.length;
    mesh.set([56 + 30 * Math.sin(angle), 56 - 30 * Math.cos(angle), 0], index * 3);
  });
  for (const [ids, x] of [
    [MESH.rightAspect, 34],
    [MESH.leftAspect, 68],
  ] as const) {
    const half = (aspect * 10) / 2;
    const at = [
      [x, 50],
      [x + 3, 50 - half],
      [x + 7, 50 - half],
      [x + 10, 50],
      [x + 7, 50 + half],
      [x + 3, 50 + half],
    ];
    ids.forEach((index, i) => {
      mesh.set([...at[i]!, 0], index * 3);
    });
  }
  return mesh;
}

const flat = (mesh: Float32Array) =>
  Float32Array.from({ length: MESH_POINTS * 2 }, (_, i) => mesh[(i >> 1) * 3 + (i % 2)]!);

const crop = (value: (x: number, y: number) => readonly number[]): AlignedCrop => ({
  data: Uint8ClampedArray.from({ length: SIZE * SIZE * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return value(pixel % SIZE, Math.floor(pixel / SIZE))[i % 3]!;
  }),
  size: SIZE,
});

const faceWith = (mesh: Float32Array, change: Partial<DetectedFace> = {}): DetectedFace => ({
  box: imageBox(20, 20, 72, 72),
  boxScore: fraction(0.9),
  meshScore: fraction(1),
  mesh,
  points: [
    imagePoint(40, 50),
    imagePoint(76, 50),
    imagePoint(58, 70),
    imagePoint(44, 90),
    imagePoint(72, 90),
  ],
  ...change,
});

describe('measureFace', () => {
  it('reads the luma inside the oval alone, with BT.601 weights', () => {
    const mesh = circleMesh(0.3);
    const { luma } = measureFace(
      faceWith(mesh),
      crop(() => [200, 100, 50]),
      flat(mesh),
    );
    expect(luma).toBeCloseTo(0.299 * 200 + 0.587 * 100 + 0.114 * 50, 3);
    const surrounded = measureFace(
      faceWith(mesh),
      crop((x, y) => (Math.hypot(x + 0.5 - 56, y + 0.5 - 56) < 33 ? [90, 90, 90] : [255, 255, 255])),
      flat(mesh),
    );
    expect(surrounded.luma).toBeCloseTo(90, 3);
  });

  it('finds the Laplacian variance of a known pattern', () => {
    const mesh = circleMesh(0.3);
    // a chequerboard of 100 +- 10: the Laplacian is -8 * (value - 100), so its variance is 80^2
    const { sharpness } = measureFace(
      faceWith(mesh),
      crop((x, y) => new Array<number>(3).fill((x + y) % 2 === 0 ? 110 : 90)),
      flat(mesh),
    );
    expect(sharpness).toBeCloseTo(6400, -1);
    const smooth = measureFace(
      faceWith(mesh),
      crop((x) => [x, x, x]),
      flat(mesh),
    );
    expect(smooth.sharpness).toBeLessThan(0.01);
  });

  it.each([0.08, 0.3])('measures the eye aspect ratio %f', (aspect) => {
    const mesh = circleMesh(aspect);
    const quality = measureFace(
      faceWith(mesh),
      crop(() => [9, 9, 9]),
      flat(mesh),
    );
    expect(quality.eyeOpenness).toBeCloseTo(aspect * Math.cos(quality.pose.yaw), 5);
    expect(quality.interEyeDistance).toBe(36);
  });
});

describe('measureCover', () => {
  /** Puts an outline on a circle of the crop. */
  const place = (mesh: Float32Array, outline: readonly number[], x: number, y: number) => {
    outline.forEach((index, i) => {
      const angle = (2 * Math.PI * i) / outline.length;
      mesh.set([x + 6 * Math.cos(angle), y + 6 * Math.sin(angle)], index * 2);
    });
  };

  /** Eyes above the middle, mouth below it, skin references far from both. */
  function patchMesh(): Float32Array {
    const mesh = new Float32Array(MESH_POINTS * 2);
    for (const outline of [...COVER_REGIONS.cheeks, ...COVER_REGIONS.underEyes])
      place(mesh, outline, 100, 56);
    for (const outline of COVER_REGIONS.forehead) place(mesh, outline, 100, 10);
    for (const outline of COVER_REGIONS.eyes) place(mesh, outline, 45, 30);
    for (const outline of COVER_REGIONS.mouth) place(mesh, outline, 45, 90);
    return mesh;
  }
  const skin = [200, 150, 120];

  it('is zero for one colour everywhere', () => {
    const cover = measureCover(
      crop(() => skin),
      patchMesh(),
    );
    expect(cover.eyeDarkness).toBeCloseTo(0, 6);
    expect(cover.mouthColour).toBeCloseTo(0, 6);
  });

  it('sees dark lenses by their luma', () => {
    const dark = crop((x, y) => (x < 80 && y < 45 ? [20, 15, 12] : skin));
    const luma = 0.299 * 200 + 0.587 * 150 + 0.114 * 120;
    expect(measureCover(dark, patchMesh()).eyeDarkness).toBeCloseTo(
      Math.log((luma + 8) / (luma / 10 + 8)),
      1,
    );
    expect(measureCover(dark, patchMesh()).mouthColour).toBeCloseTo(0, 6);
  });

  it('sees a blue mask by its colour and ignores a shadow', () => {
    const masked = crop((x, y) => (x < 80 && y > 70 ? [90, 140, 200] : skin));
    const shadowed = crop((x, y) => (x < 80 && y > 70 ? [100, 75, 60] : skin));
    expect(measureCover(masked, patchMesh()).mouthColour).toBeGreaterThan(0.15);
    expect(measureCover(shadowed, patchMesh()).mouthColour).toBeLessThan(0.01);
  });
});

describe('qualityIssues', () => {
  const good: FaceQuality = {
    pose: { yaw: radians(0), pitch: radians(0), roll: radians(0) },
    interEyeDistance: 70,
    luma: 130,
    sharpness: 300,
    eyeOpenness: 0.3,
  };
  const face = faceWith(circleMesh(0.3));
  const strict = { strict: true };

  it('finds nothing wrong with a good picture', () => {
    expect(qualityIssues(face, good, QUALITY, strict)).toEqual([]);
  });

  it.each<[QualityIssue, Partial<FaceQuality>]>([
    ['too-far', { interEyeDistance: 20 }],
    ['too-dark', { luma: 40 }],
    ['covered', { cover: { eyeDarkness: 1.4, mouthColour: 0 } }],
    ['covered', { cover: { eyeDarkness: 0, mouthColour: 0.2 } }],
    ['too-bright', { luma: 230 }],
    ['blurred', { sharpness: 20 }],
    ['turned', { pose: { ...good.pose, yaw: radians(-0.4) } }],
    ['tilted', { pose: { ...good.pose, roll: radians(0.4) } }],
    ['tilted', { pose: { ...good.pose, pitch: radians(-0.4) } }],
    ['eyes-closed', { eyeOpenness: 0.1 }],
  ])('refuses %s at enrolment and lets recognition try', (issue, change) => {
    const quality = { ...good, ...change };
    expect(qualityIssues(face, quality, QUALITY, strict)).toEqual([issue]);
    expect(qualityIssues(face, quality, QUALITY, { strict: false })).toEqual([]);
  });

  it('refuses a face that the mesh does not believe in, at enrolment', () => {
    expect(qualityIssues({ ...face, meshScore: fraction(0.3) }, good, QUALITY, strict)).toEqual(['covered']);
  });

  it('tells a companion from a passer-by', () => {
    const other = (distance: number) =>
      faceWith(face.mesh, {
        points: [imagePoint(0, 0), imagePoint(distance, 0), ...face.points.slice(2)] as never,
      });
    expect(qualityIssues(face, good, QUALITY, { strict: true, faces: [face, other(30)] })).toEqual([
      'several-faces',
    ]);
    expect(qualityIssues(face, good, QUALITY, { strict: true, faces: [face, other(10)] })).toEqual([]);
  });

  it('asks for the middle of the frame', () => {
    expect(qualityIssues(face, good, QUALITY, { strict: true, frame: { width: 112, height: 112 } })).toEqual(
      [],
    );
    expect(qualityIssues(face, good, QUALITY, { strict: true, frame: { width: 640, height: 480 } })).toEqual([
      'off-centre',
    ]);
  });

  it('keeps the order in which a person is told', () => {
    const bad = { ...good, luma: 10, sharpness: 1, interEyeDistance: 10 };
    expect(qualityIssues(face, bad, QUALITY, strict)).toEqual(['too-far', 'too-dark', 'blurred']);
  });
});
