import { type FaceDetector, VIDEO_DETECTOR } from '@rounz/core/face/detector.ts';
import type { DetectedFace } from '@rounz/core/face/face.ts';
import { CHALLENGE } from '@rounz/core/liveness/config.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadNodeDetector, useWasmBackend } from '../data/detector-models.ts';
import { CASE_COUNTS, type Case, casesOf } from './cases.ts';
import { drawMedium, MEDIA } from './media.ts';
import { actorsOf, headPicture } from './people.ts';
import { runCase } from './run-case.ts';
import { drawHeld, FLAT } from './surface.ts';

/** A picture of one colour. */
const filled = (width: number, height: number, value: number) => {
  const data = new Uint8ClampedArray(width * height * 4).fill(value);
  for (let i = 3; i < data.length; i += 4) data[i] = 255;
  return { data, width, height };
};

/** Columns of the frame's middle row that the texture covers. */
function covered(hold: Partial<typeof FLAT>): readonly [left: number, right: number] {
  const frame = filled(200, 100, 0);
  drawHeld(frame, filled(50, 100, 255), { ...FLAT, size: 0.8, ...hold });
  const row = Array.from({ length: 200 }, (_, x) => frame.data[(50 * 200 + x) * 4]! > 100);
  return [row.indexOf(true), row.lastIndexOf(true)];
}

describe('drawHeld', () => {
  it('draws a sheet where it is held, in its shape', () => {
    const [left, right] = covered({});
    expect(left).toBeCloseTo(80, -0.5);
    expect(right).toBeCloseTo(119, -0.5);
    expect(covered({ x: 0.2 })[0] - left).toBeCloseTo(20, -0.5);
  });

  it('foreshortens a sheet that is turned or bent', () => {
    const width = ([left, right]: readonly [number, number]) => right - left;
    expect(width(covered({ yaw: 60 }))).toBeLessThan(0.6 * width(covered({})));
    expect(width(covered({ bendX: 2 }))).toBeLessThan(0.95 * width(covered({})));
  });
});

describe('the cases', () => {
  it('share neither people nor screens nor seeds between the halves', () => {
    const both = (['train', 'test'] as const).map((half) => ({
      seeds: casesOf(half, CASE_COUNTS).map(({ seed }) => seed),
      people: actorsOf(half).map(({ seed }) => seed),
      shapes: MEDIA.map((kind) => drawMedium(kind, half, 1)).map(({ edge, glare, aspect, ...rest }) =>
        JSON.stringify([edge || 'none', glare, rest]),
      ),
    }));
    const [train, test] = both as [(typeof both)[0], (typeof both)[0]];
    for (const key of ['seeds', 'people', 'shapes'] as const)
      expect(train[key].filter((one) => (test[key] as unknown[]).includes(one))).toEqual([]);
  });

  it('are as many of each kind as the acceptance of the challenge asks for', () => {
    const cases = casesOf('test', CASE_COUNTS);
    expect(cases.filter(({ group }) => group === 'still')).toHaveLength(300);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(500);
  });
});

describe('the kiosk’s detector and the challenge', () => {
  let detector: FaceDetector;
  beforeAll(async () => {
    await useWasmBackend();
    detector = await loadNodeDetector(VIDEO_DETECTOR);
  });
  afterAll(() => detector.dispose());

  it('finds who wears a dark mask under a fringe, of whose mesh the network is not sure, ahead and nodding', async () => {
    const masked = { seed: 52_002, variant: 1, mirrored: true };
    let previous: readonly DetectedFace[] = [];
    for (const y of [0, 10, 20, 20, 0, -10, -20]) {
      const frame = filled(480, 360, 150);
      drawHeld(frame, await headPicture(masked, 'mask', { x: 0, y }), { ...FLAT, size: 0.95, y: 0.035 });
      previous = await detector.detect(frame, { previous, look: true });
      expect(previous, `nodded by ${y}`).toHaveLength(1);
      expect(Math.abs(previous[0]!.points[2].x - 240)).toBeLessThan(20);
    }
  });

  const all = casesOf('train', CASE_COUNTS);
  const first = (fits: (one: Case) => boolean) => all.find(fits)!;
  const outcome = (fits: (one: Case) => boolean) => runCase(first(fits), detector, CHALLENGE);

  it('is passed by a rendered head that turns', async () => {
    const { passed, added } = await outcome((one) => one.group === 'visit' && one.wear === 'glasses');
    expect(passed).toBe(true);
    expect(added).toBeLessThanOrEqual(5);
  });

  for (const move of ['turn-over', 'turn-bent'] as const)
    it(`is not passed by a picture that a hand turns: ${move}`, async () => {
      const { passed } = await outcome((one) => one.group === 'still' && one.move === move);
      expect(passed).toBe(false);
    });
});
