import { createRng } from '@rounz/core/math/random.ts';
import { describe, expect, it } from 'vitest';
import { AUGMENT_PRESETS } from './config.ts';
import {
  applyBlur,
  applyLowResolution,
  applyNoise,
  boxKernel,
  convolve,
  createFilterScratch,
  gaussianKernel,
} from './degrade.ts';
import { applyErase, drawRectangle } from './erase.ts';
import { applyLight } from './light.ts';
import { applyColour, saturate } from './photometric.ts';

const SIZE = 64;
const flatGrey = (value = 128) => new Uint8ClampedArray(SIZE * SIZE * 3).fill(value);
const scratch = createFilterScratch(SIZE);
const { full } = AUGMENT_PRESETS;
const mean = (pixels: Uint8ClampedArray) => pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
const deviation = (pixels: Uint8ClampedArray) => {
  const middle = mean(pixels);
  return Math.sqrt(pixels.reduce((sum, value) => sum + (value - middle) ** 2, 0) / pixels.length);
};
const speckle = () => {
  const rng = createRng(2);
  return flatGrey().map(() => rng.below(256));
};

describe('random erasing', () => {
  it('keeps to the area and the aspect of the paper', () => {
    const rng = createRng(1);
    const areas: number[] = [];
    for (let i = 0; i < 2000; i++) {
      const rectangle = drawRectangle(112, { area: [0.02, 0.4], aspect: 0.3 }, rng);
      if (rectangle === undefined) throw new Error('no rectangle fitted in 100 tries');
      const { left, top, width, height } = rectangle;
      expect(left >= 0 && top >= 0 && left + width <= 112 && top + height <= 112).toBe(true);
      // Rounding moves each side by at most half a pixel.
      const slack = (width + height + 1) / 2 / (112 * 112);
      const area = (width * height) / (112 * 112);
      expect(area).toBeGreaterThanOrEqual(0.02 - slack);
      expect(area).toBeLessThanOrEqual(0.4 + slack);
      expect((height + 0.5) / (width - 0.5)).toBeGreaterThanOrEqual(0.3);
      expect((height - 0.5) / (width + 0.5)).toBeLessThanOrEqual(1 / 0.3);
      areas.push(area);
    }
    expect(Math.min(...areas)).toBeLessThan(0.04);
    expect(Math.max(...areas)).toBeGreaterThan(0.3);
  });

  it('changes one rectangle and nothing else', () => {
    const pixels = flatGrey(7);
    applyErase(pixels, SIZE, { probability: 1, area: [0.1, 0.1], aspect: 1, plain: 0 }, createRng(3));
    const changed = new Set<number>();
    for (const [i, value] of pixels.entries()) if (value !== 7) changed.add(Math.floor(i / 3));
    const columns = [...changed].map((at) => at % SIZE);
    const rows = [...changed].map((at) => Math.floor(at / SIZE));
    const box =
      (Math.max(...columns) - Math.min(...columns) + 1) * (Math.max(...rows) - Math.min(...rows) + 1);
    expect(box).toBe(changed.size);
    expect(box / SIZE ** 2).toBeCloseTo(0.1, 1);
  });

  it('gives up on a rectangle that cannot fit', () => {
    expect(
      drawRectangle(
        10,
        { area: [0.9, 0.9], aspect: 0.05 },
        { ...createRng(1), between: () => 0.9, below: () => 9 },
      ),
    ).toBeUndefined();
  });
});

describe('degradations', () => {
  it('kernels sum to one', () => {
    for (const kernel of [
      gaussianKernel(0),
      gaussianKernel(1.3),
      boxKernel(1),
      boxKernel(2.5),
      boxKernel(4),
      boxKernel(6.2),
    ]) {
      expect(kernel.length % 2).toBe(1);
      expect(kernel.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    }
  });

  it('a blur keeps a flat picture and evens out a speckled one, one axis at a time for motion', () => {
    const even = flatGrey();
    convolve(even, SIZE, gaussianKernel(1.5), gaussianKernel(1.5), scratch);
    expect(even).toEqual(flatGrey());
    const noisy = speckle();
    applyBlur(noisy, SIZE, { ...full.blur, probability: 1, motion: 0, sigma: [2, 2] }, createRng(1), scratch);
    expect(deviation(noisy)).toBeLessThan(deviation(speckle()) / 2);
    const stripes = flatGrey().map((_, i) => (Math.floor(i / 3 / SIZE) % 2 === 0 ? 0 : 255));
    const moved = stripes.slice();
    convolve(moved, SIZE, boxKernel(5), Float32Array.of(1), scratch);
    expect(moved).toEqual(stripes);
  });

  it('low resolution removes detail and keeps the mean', () => {
    const pixels = speckle();
    applyLowResolution(pixels, SIZE, { probability: 1, factor: [0.3, 0.3] }, createRng(1), scratch);
    expect(deviation(pixels)).toBeLessThan(deviation(speckle()) / 2);
    expect(mean(pixels)).toBeCloseTo(mean(speckle()), -0.5);
  });

  it.each([0, 0.5, 1])('noise has the standard deviation asked for with %d of it shared', (grey) => {
    const pixels = flatGrey();
    applyNoise(pixels, { probability: 1, sigma: [10, 10], grey }, createRng(1));
    expect(deviation(pixels)).toBeGreaterThan(9.5);
    expect(deviation(pixels)).toBeLessThan(10.5);
  });
});

describe('light and colour', () => {
  it('light from one direction brightens one half more than the other, without moving the mean far', () => {
    const differences = Array.from({ length: 40 }, (_, seed) => {
      const pixels = flatGrey();
      const head = { x: 32, y: 36, rx: 26, ry: 34 };
      applyLight(pixels, SIZE, head, { ...full.light, probability: 1, cast: 0 }, createRng(seed));
      expect(mean(pixels)).toBeGreaterThan(50);
      expect(mean(pixels)).toBeLessThan(190);
      return Math.abs(pixels[(36 * SIZE + 14) * 3]! - pixels[(36 * SIZE + 50) * 3]!);
    });
    expect(Math.max(...differences)).toBeGreaterThan(40);
  });

  it('a picture without colour has equal channels', () => {
    const pixels = speckle();
    applyColour(pixels, { ...full.colour, probability: 0, grey: 1 }, createRng(1));
    for (let i = 0; i < pixels.length; i += 3) {
      expect(
        Math.max(pixels[i]!, pixels[i + 1]!, pixels[i + 2]!) -
          Math.min(pixels[i]!, pixels[i + 1]!, pixels[i + 2]!),
      ).toBeLessThan(2);
    }
  });

  it('saturation 1 and a neutral table change nothing', () => {
    const pixels = speckle();
    saturate(pixels, 1);
    expect(pixels).toEqual(speckle());
    const neutral = {
      probability: 1,
      brightness: [0, 0],
      contrast: [1, 1],
      gamma: [1, 1],
      temperature: [0, 0],
      saturation: [1, 1],
      grey: 0,
    };
    applyColour(pixels, neutral as typeof full.colour, createRng(1));
    expect(pixels).toEqual(speckle());
  });

  it('warm light raises red and lowers blue', () => {
    const pixels = flatGrey();
    const warm = {
      probability: 1,
      brightness: [0, 0],
      contrast: [1, 1],
      gamma: [1, 1],
      temperature: [1, 1],
      saturation: [1, 1],
      grey: 0,
    };
    applyColour(pixels, warm as typeof full.colour, createRng(1));
    expect([...pixels.slice(0, 3)]).toEqual([160, 128, 96]);
  });
});
