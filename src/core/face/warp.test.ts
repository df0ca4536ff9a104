import { describe, expect, it } from 'vitest';
import type { RgbaImage } from '../image.ts';
import { buildPyramid } from './pyramid.ts';
import type { Similarity } from './transform.ts';
import { type Border, samplePatch } from './warp.ts';

const picture = (width: number, height: number, value: (x: number, y: number) => number): RgbaImage => {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 4;
      data.fill(value(x, y), i, i + 3);
      data[i + 3] = 255;
    }
  return { data, width, height };
};

const sample = (
  image: RgbaImage,
  width: number,
  height: number,
  toPicture: Similarity,
  border: Border = 'replicate',
) => {
  const out = new Float32Array(width * height * 3);
  samplePatch(buildPyramid(image), { width, height, toPicture, border, gain: 1, bias: 0 }, out);
  return Array.from({ length: width * height }, (_, i) => out[3 * i]!);
};

const still: Similarity = { a: 1, b: 0, tx: 0, ty: 0 };

describe('samplePatch', () => {
  it('copies a picture through the identity', () => {
    const image = picture(4, 3, (x, y) => 10 * x + y);
    expect(sample(image, 4, 3, still)).toEqual([0, 10, 20, 30, 1, 11, 21, 31, 2, 12, 22, 32]);
  });

  it('keeps the channels apart, wherever the picture begins in its buffer', () => {
    const bytes = [10, 20, 30, 255, 200, 210, 220, 255];
    for (const start of [0, 1, 4]) {
      const data = new Uint8ClampedArray(start + bytes.length).subarray(start);
      data.set(bytes);
      const out = new Uint8ClampedArray(6);
      const pyramid = buildPyramid({ data, width: 2, height: 1 });
      samplePatch(pyramid, { width: 2, height: 1, toPicture: still, border: 'black', gain: 1, bias: 0 }, out);
      expect([...out]).toEqual([10, 20, 30, 200, 210, 220]);
    }
  });

  it('interpolates between pixel centres: a ramp stays a ramp when enlarged', () => {
    const image = picture(16, 4, (x) => 10 * x);
    const values = sample(image, 32, 4, { a: 0.5, b: 0, tx: 0, ty: 0 });
    // the patch's pixel u looks at x = (u + 0.5) / 2, whose value is 10 (x - 0.5)
    for (let u = 1; u < 31; u++) expect(values[u]).toBeCloseTo(10 * ((u + 0.5) / 2 - 0.5), 4);
  });

  it('shrinks by averaging: fine stripes become their mean, not one of them', () => {
    const image = picture(64, 64, (x) => (x % 2 === 0 ? 0 : 200));
    for (const step of [2, 4, 5.3, 8]) {
      const side = Math.floor(64 / step);
      const values = sample(image, side, side, { a: step, b: 0, tx: 0, ty: 0 });
      for (const value of values) expect(Math.abs(value - 100)).toBeLessThan(30);
    }
  });

  it('keeps the place of things when it shrinks', () => {
    const image = picture(96, 96, (x, y) => x + y);
    const step = 6;
    const values = sample(image, 16, 16, { a: step, b: 0, tx: 0, ty: 0 });
    for (let v = 1; v < 15; v++)
      for (let u = 1; u < 15; u++)
        expect(values[v * 16 + u]).toBeCloseTo((u + 0.5) * step + (v + 0.5) * step - 1, 0);
  });

  it('turns clockwise for a positive quarter turn', () => {
    const image = picture(
      2,
      2,
      (x, y) =>
        [
          [1, 2],
          [3, 4],
        ][y]![x]!,
    );
    // patch (u, v) -> picture (-v, u) + (2, 0): the patch's first row is the picture's last column
    expect(sample(image, 2, 2, { a: 0, b: 1, tx: 2, ty: 0 })).toEqual([2, 4, 1, 3]);
  });

  it.each([
    ['replicate', [1, 1, 1, 2, 3, 3, 3]],
    ['mirror', [2, 1, 1, 2, 3, 3, 2]],
    ['black', [0, 0, 1, 2, 3, 0, 0]],
  ] as const)('continues the picture beyond its edge: %s', (border, expected) => {
    const image = picture(3, 1, (x) => x + 1);
    expect(sample(image, 7, 1, { a: 1, b: 0, tx: -2, ty: 0 }, border)).toEqual(expected);
  });

  it('applies gain and bias', () => {
    const out = new Float32Array(3);
    const spec = {
      width: 1,
      height: 1,
      toPicture: still,
      border: 'black',
      gain: 1 / 127.5,
      bias: -1,
    } as const;
    samplePatch(buildPyramid(picture(1, 1, () => 255)), spec, out);
    expect([...out]).toEqual([1, 1, 1]);
  });

  it('refuses a buffer that is too short for its size', () => {
    expect(() => buildPyramid({ data: new Uint8ClampedArray(10), width: 4, height: 4 })).toThrow(RangeError);
  });
});
