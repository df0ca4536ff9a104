import { describe, expect, it } from 'vitest';
import type { RgbaImage } from '../image.ts';
import { imagePoint } from '../units.ts';
import { ARCFACE_TEMPLATE, alignFace, meshInCrop } from './align.ts';
import type { FivePoints } from './face.ts';

/** The template turned, scaled and moved into a picture. */
function placed(angle: number, scale: number, dx: number, dy: number): FivePoints {
  const points = ARCFACE_TEMPLATE.points.map(({ x, y }) =>
    imagePoint(
      scale * (Math.cos(angle) * x - Math.sin(angle) * y) + dx,
      scale * (Math.sin(angle) * x + Math.cos(angle) * y) + dy,
    ),
  );
  return points as unknown as FivePoints;
}

/** Grey picture with a soft-edged white disc around each point. */
function discs(points: FivePoints, radius: number, width: number, height: number): RgbaImage {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const distance = Math.min(...points.map((p) => Math.hypot(p.x - x - 0.5, p.y - y - 0.5)));
      const cover = Math.min(1, Math.max(0, radius - distance + 0.5));
      data.fill(60 + 195 * cover, (y * width + x) * 4, (y * width + x) * 4 + 4);
    }
  return { data, width, height };
}

/** Centre of what is brighter than the ground within `reach` of a point of the crop. */
function brightCentre(data: Uint8ClampedArray, size: number, at: { x: number; y: number }, reach: number) {
  let [x, y, total] = [0, 0, 0];
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      if (Math.hypot(column + 0.5 - at.x, row + 0.5 - at.y) > reach) continue;
      const weight = data[(row * size + column) * 3]! - 60;
      x += weight * (column + 0.5);
      y += weight * (row + 0.5);
      total += weight;
    }
  return { x: x / total, y: y / total };
}

describe('alignFace', () => {
  it.each([
    [0, 1, 20, 30],
    [0.4, 2.7, 150, 10],
    [-0.6, 0.6, 30, 90],
  ])('brings turned and scaled points onto the template (%f rad, scale %f)', (angle, scale, dx, dy) => {
    const points = placed(angle, scale, dx, dy);
    const image = discs(points, 4 * scale, 480, 480);
    const crop = alignFace(image, points);
    expect(crop.size).toBe(112);
    for (const target of ARCFACE_TEMPLATE.points) {
      const found = brightCentre(crop.data, 112, target, 8);
      expect(Math.hypot(found.x - target.x, found.y - target.y)).toBeLessThan(0.15);
    }
  });

  it('adds a margin without changing what is in the middle', () => {
    const points = placed(0.2, 1.7, 40, 20);
    const image = discs(points, 6, 320, 320);
    const inner = alignFace(image, points);
    const outer = alignFace(image, points, { size: 112, margin: 16 });
    expect(outer.size).toBe(144);
    for (let y = 0; y < 112; y++) {
      const row = outer.data.subarray(((y + 16) * 144 + 16) * 3, ((y + 16) * 144 + 128) * 3);
      expect(row.join()).toBe(inner.data.subarray(y * 112 * 3, (y + 1) * 112 * 3).join());
    }
  });
});

describe('meshInCrop', () => {
  it('maps mesh points as it maps the five points', () => {
    const points = placed(0.3, 1.4, 25, 12);
    const mesh = Float32Array.from(points.flatMap(({ x, y }) => [x, y, 0]));
    const options = { size: 112, margin: 16 };
    const mapped = meshInCrop(mesh, points, options);
    ARCFACE_TEMPLATE.points.forEach(({ x, y }, i) => {
      expect(mapped[2 * i]).toBeCloseTo(x + 16, 3);
      expect(mapped[2 * i + 1]).toBeCloseTo(y + 16, 3);
    });
  });
});
