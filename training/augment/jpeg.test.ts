import { createCanvas, loadImage } from '@napi-rs/canvas';
import { createRng } from '@rounz/core/math/random.ts';
import { describe, expect, it } from 'vitest';
import { compress, createJpegScratch, forward8, inverse8, scaledTable } from './jpeg.ts';

const SIDE = 96;

/** Blobs and edges, which compress as photographs do. */
function picture(): Uint8ClampedArray {
  const rng = createRng(4);
  const spots = Array.from({ length: 12 }, () => ({
    x: rng.below(SIDE),
    y: rng.below(SIDE),
    r: rng.between(5, 25),
    c: [rng.below(256), rng.below(256), rng.below(256)],
  }));
  const out = new Uint8ClampedArray(SIDE * SIDE * 3);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const spot = spots.findLast(({ x, y, r }) => Math.hypot((i % SIDE) - x, Math.floor(i / SIDE) - y) < r);
    out.set(spot?.c ?? [(i % SIDE) * 2, 120, Math.floor(i / SIDE) * 2], i * 3);
  }
  return out;
}

const error = (a: Uint8ClampedArray, b: Uint8ClampedArray): number =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length);

async function skiaRoundTrip(pixels: Uint8ClampedArray, quality: number): Promise<Uint8ClampedArray> {
  const canvas = createCanvas(SIDE, SIDE);
  const context = canvas.getContext('2d');
  const image = context.createImageData(SIDE, SIDE);
  for (let i = 0; i < SIDE * SIDE; i++)
    image.data.set([pixels[i * 3]!, pixels[i * 3 + 1]!, pixels[i * 3 + 2]!, 255], i * 4);
  context.putImageData(image, 0, 0);
  context.drawImage(await loadImage(canvas.toBuffer('image/jpeg', quality)), 0, 0);
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  return pixels.map((_, i) => data[Math.floor(i / 3) * 4 + (i % 3)]!);
}

describe('the 8-point DCT', () => {
  it('agrees with its definition and is undone by its inverse', () => {
    const input = Float32Array.from([12, -30, 45, 100, -7, 3, 88, -120]);
    const x = Float32Array.from(input);
    forward8(x, 0, 1);
    for (let k = 0; k < 8; k++) {
      const scale = k === 0 ? Math.sqrt(1 / 8) : 0.5;
      const sum = input.reduce(
        (total, value, n) => total + value * Math.cos(((2 * n + 1) * k * Math.PI) / 16),
        0,
      );
      expect(x[k]).toBeCloseTo(scale * sum, 3);
    }
    inverse8(x, 0, 1);
    for (const [i, value] of x.entries()) expect(value).toBeCloseTo(input[i]!, 3);
  });
});

describe('compress', () => {
  const scratch = createJpegScratch(112);

  it('scales the tables as the Independent JPEG Group does', () => {
    expect([...scaledTable([16, 99], 50)]).toEqual([16, 99]);
    expect([...scaledTable([16, 99], 25)]).toEqual([32, 198]);
    expect([...scaledTable([16, 99], 100)]).toEqual([1, 1]);
  });

  it('loses next to nothing at quality 100 and more the lower the quality', () => {
    const original = picture();
    const errors = [100, 80, 50, 20].map((quality) => {
      const copy = original.slice();
      compress(copy, SIDE, quality, false, scratch);
      return error(copy, original);
    });
    expect(errors[0]).toBeLessThan(1);
    expect(errors).toEqual([...errors].sort((a, b) => a - b));
    expect(errors[3]).toBeGreaterThan(4);
  });

  it('loses about as much as a real encoder of the same quality', async () => {
    const original = picture();
    const real = error(await skiaRoundTrip(original, 40), original);
    const results = [true, false].map((subsample) => {
      const copy = original.slice();
      compress(copy, SIDE, 40, subsample, scratch);
      return error(copy, original);
    });
    const near = Math.min(...results.map((one) => Math.abs(one / real - 1)));
    expect(near).toBeLessThan(0.3);
  });

  it('takes sizes that are no multiple of 16', () => {
    const original = new Uint8ClampedArray(50 * 50 * 3).map(
      (_, i) => 40 + (Math.floor(i / 3) % 50) * 2 + Math.floor(i / 150),
    );
    const copy = original.slice();
    compress(copy, 50, 95, true, scratch);
    expect(copy).not.toEqual(original);
    expect(error(copy, original)).toBeLessThan(3);
  });
});
