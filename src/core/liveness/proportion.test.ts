import { describe, expect, it } from 'vitest';
import { EYES, SIDES } from './points.ts';
import { faceProportion, PROPORTION } from './proportion.ts';

/** The canonical face model's eye corners and sides (google/mediapipe, Apache-2.0), centimetres: x to the left, z forward. */
const CORNERS = { outer: [4.446, 3.173], inner: [1.856, 3.758] } as const;
const SIDE = [
  [7.743, -2.005],
  [7.664, -2.436],
] as const;
/** Where the middles of both pairs lie. */
const EYE = { x: 3.151, z: 3.466 } as const;

interface View {
  /** centimetres from the camera to the eyes */
  readonly away: number;
  readonly yaw: number;
  readonly scale?: number;
  readonly wide?: number;
}

const FRAME = { width: 640, height: 480 };

/** What a pinhole camera of 60 degrees sees of the model; a head that is `wide` times as wide has the same eyes. */
function seen({ away, yaw, scale = 1, wide = 1 }: View): Float32Array {
  const focal = (scale * FRAME.width) / (2 * Math.tan(Math.PI / 6));
  const points = new Float32Array(200);
  const put = (place: number, [x, z]: readonly [number, number]) => {
    const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
    const behind = EYE.z - (z * c - x * s);
    points[2 * place] = 320 + (focal * (x * c + z * s)) / (away + behind);
    points[2 * place + 1] = 200;
  };
  for (const [side, [outer, inner]] of [-1, 1].map((side, i) => [side, EYES[i]!] as const)) {
    put(outer, [side * CORNERS.outer[0], CORNERS.outer[1]]);
    put(inner, [side * CORNERS.inner[0], CORNERS.inner[1]]);
  }
  for (const [i, [right, left]] of SIDES.entries()) {
    put(right, [-wide * SIDE[i]![0], SIDE[i]![1]]);
    put(left, [wide * SIDE[i]![0], SIDE[i]![1]]);
  }
  return points;
}

/** A network that shows all that a pinhole camera does. */
const PINHOLE = { ...PROPORTION, shown: 1 };

const expected = (SIDE[0][0] + SIDE[1][0]) / 2 / EYE.x;

describe('faceProportion', () => {
  it.each([
    { away: 50, yaw: 0 },
    { away: 70, yaw: 0 },
    { away: 150, yaw: 0 },
    { away: 70, yaw: 0.17 },
    { away: 70, yaw: -0.17 },
  ])('is that of the head itself, within 2 %, from $away cm and turned by $yaw', (view) => {
    expect(faceProportion(seen(view), FRAME, PINHOLE) / expected).toBeGreaterThan(0.98);
    expect(faceProportion(seen(view), FRAME, PINHOLE) / expected).toBeLessThan(1.02);
  });

  it('grows with the width of the head alone', () => {
    const of = (wide: number) => faceProportion(seen({ away: 70, yaw: 0, wide }), FRAME);
    expect(of(1.1) / of(1)).toBeCloseTo(1.1, 5);
  });

  it('is the same in a picture of twice the size', () => {
    const twice = { width: 1280, height: 960 };
    const small = faceProportion(seen({ away: 70, yaw: 0 }), FRAME);
    expect(faceProportion(seen({ away: 70, yaw: 0, scale: 2 }), twice)).toBeCloseTo(small, 5);
  });

  it('sets the width right by less than a twentieth at arm’s length', () => {
    const without = { ...PROPORTION, depth: 0 };
    const points = seen({ away: 70, yaw: 0 });
    expect(faceProportion(points, FRAME) / faceProportion(points, FRAME, without)).toBeLessThan(1.05);
  });

  it('cannot be told of eyes that coincide', () => {
    expect(() => faceProportion(new Float32Array(200), FRAME)).toThrow(/coincide/);
  });
});
