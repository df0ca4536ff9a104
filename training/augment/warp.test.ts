import { createRng } from '@rounz/core/math/random.ts';
import { describe, expect, it } from 'vitest';
import { CROP_SIZE, drawGeometry, resizeMap, toOutput, warp } from './warp.ts';

const still = { flip: 0, shift: 0, scale: [1, 1] as [number, number], rotate: 0 };
const noise = (side: number, seed: number) => {
  const rng = createRng(seed);
  return Uint8ClampedArray.from({ length: side * side * 3 }, () => rng.below(256));
};
const smoothPicture = () =>
  Uint8ClampedArray.from({ length: CROP_SIZE * CROP_SIZE * 3 }, (_, i) => {
    const x = Math.floor(i / 3) % CROP_SIZE;
    const y = Math.floor(i / 3 / CROP_SIZE);
    return 128 + 60 * Math.sin(x / 9 + (i % 3)) + 50 * Math.cos(y / 11);
  });

describe('warp', () => {
  it('cuts the template out of the crop exactly when nothing moves', () => {
    const crop = noise(CROP_SIZE, 1);
    const out = new Uint8ClampedArray(112 * 112 * 3);
    warp(crop, CROP_SIZE, out, 112, drawGeometry(still, createRng(1), 112));
    for (const [x, y] of [
      [0, 0],
      [50, 60],
      [111, 111],
    ] as const) {
      const from = ((y + 16) * CROP_SIZE + x + 16) * 3;
      expect([...out.slice((y * 112 + x) * 3, (y * 112 + x) * 3 + 3)]).toEqual([
        ...crop.slice(from, from + 3),
      ]);
    }
  });

  it('flips left and right exactly', () => {
    const crop = noise(CROP_SIZE, 2);
    const plain = new Uint8ClampedArray(112 * 112 * 3);
    const flipped = new Uint8ClampedArray(112 * 112 * 3);
    warp(crop, CROP_SIZE, plain, 112, drawGeometry(still, createRng(1), 112));
    warp(crop, CROP_SIZE, flipped, 112, drawGeometry({ ...still, flip: 1 }, createRng(1), 112));
    const mirrored = plain.map((_, i) => {
      const row = Math.floor(i / 336);
      const column = Math.floor((i % 336) / 3);
      return plain[(row * 112 + 111 - column) * 3 + (i % 3)]!;
    });
    expect(flipped).toEqual(mirrored);
  });

  it.each([64, 80, 112])('agrees with bilinear sampling in floating point at %i pixels', (size) => {
    const crop = smoothPicture();
    const map = drawGeometry({ flip: 0.5, shift: 4, scale: [0.9, 1.1], rotate: 10 }, createRng(size), size);
    const out = new Uint8ClampedArray(size * size * 3);
    warp(crop, CROP_SIZE, out, size, map);
    let worst = 0;
    for (let row = 4; row < size - 4; row += 7) {
      for (let column = 4; column < size - 4; column += 5) {
        const x = map.xx * (column + 0.5) + map.xy * (row + 0.5) + map.x0 - 0.5;
        const y = map.yx * (column + 0.5) + map.yy * (row + 0.5) + map.y0 - 0.5;
        const value = (dx: number, dy: number) =>
          crop[((Math.floor(y) + dy) * CROP_SIZE + Math.floor(x) + dx) * 3]!;
        const fx = x - Math.floor(x);
        const top = value(0, 0) * (1 - fx) + value(1, 0) * fx;
        const bottom = value(0, 1) * (1 - fx) + value(1, 1) * fx;
        const expected = top + (bottom - top) * (y - Math.floor(y));
        worst = Math.max(worst, Math.abs(out[(row * size + column) * 3]! - expected));
      }
    }
    // The picture is smooth, so that averaging 2x2 samples changes it by less than this.
    expect(worst).toBeLessThan(2.5);
  });

  it('does not alias when it shrinks: a one-pixel checkerboard becomes grey', () => {
    const crop = new Uint8ClampedArray(CROP_SIZE * CROP_SIZE * 3).map((_, i) => {
      const at = Math.floor(i / 3);
      return (at + Math.floor(at / CROP_SIZE)) % 2 === 0 ? 0 : 255;
    });
    const out = new Uint8ClampedArray(48 * 48 * 3);
    warp(crop, CROP_SIZE, out, 48, resizeMap(CROP_SIZE, 48));
    expect(Math.max(...out) - Math.min(...out)).toBeLessThan(64);
  });

  it('maps points as it maps pixels', () => {
    const map = drawGeometry({ flip: 1, shift: 4, scale: [0.9, 1.1], rotate: 10 }, createRng(5), 112);
    const { x, y } = toOutput(map, 60, 70);
    expect(map.xx * x + map.xy * y + map.x0).toBeCloseTo(60, 9);
    expect(map.yx * x + map.yy * y + map.y0).toBeCloseTo(70, 9);
  });
});
