import { describe, expect, it } from 'vitest';
import type { FivePoints } from '../../face/face.ts';
import type { RgbaImage } from '../../image.ts';
import { imagePoint } from '../../units.ts';
import { PASSIVE_VIEWS } from './config.ts';
import { passiveViews } from './views.ts';

const [WIDTH, HEIGHT] = [400, 300];
const EYES = 30;

/** A frontal face whose eyes are `EYES` apart, around a point; proportions of ArcFace's template. */
const faceAt = (x: number, y: number): FivePoints => {
  const at = (dx: number, dy: number) => imagePoint(x + dx * EYES, y + dy * EYES);
  return [at(-0.5, -0.13), at(0.5, -0.13), at(0, 0.44), at(-0.41, 1.03), at(0.41, 1.03)];
};

/** Grey, with a white column at a place. */
function withColumn(column: number, wide: number): RgbaImage {
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(60);
  for (let row = 0; row < HEIGHT; row++)
    for (let x = column; x < column + wide; x++)
      data.fill(255, (row * WIDTH + x) * 4, (row * WIDTH + x) * 4 + 3);
  return { data, width: WIDTH, height: HEIGHT };
}

/** Columns of a cut-out's middle row that are bright. */
function brightIn(view: Uint8ClampedArray, size: number): number[] {
  const middle = (size >> 1) * size * 3;
  return Array.from({ length: size }, (_, column) => column).filter(
    (column) => view[middle + column * 3]! > 130,
  );
}

describe('passiveViews', () => {
  it('shows what stands three distances between the eyes beside the face in the wide cut-out alone', () => {
    const { context, detail } = passiveViews(withColumn(200 + 3 * EYES, 9), faceAt(200, 150));
    const { size, span } = PASSIVE_VIEWS.context;
    const seen = brightIn(context, size);
    expect(seen.length).toBeGreaterThan(0);
    const place = ((seen[0]! + seen.at(-1)! + 1) / 2 - size / 2) * (span / size);
    expect(place).toBeGreaterThan(2.9);
    expect(place).toBeLessThan(3.5);
    expect(brightIn(detail, PASSIVE_VIEWS.detail.size)).toEqual([]);
  });

  it('mirrors the picture beyond its edge, so that no dark border looks like a bezel', () => {
    const { context } = passiveViews(withColumn(0, 0), faceAt(20, 150));
    expect(Math.min(...context)).toBeGreaterThanOrEqual(60);
  });
});
