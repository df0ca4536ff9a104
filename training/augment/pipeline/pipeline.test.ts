import { createRng } from '@rounz/core/math/random.ts';
import { describe, expect, it } from 'vitest';
import { sampleMesh } from '../../cache/sample-mesh.ts';
import { AUGMENT_PRESETS, augmentConfigSchema } from '../config.ts';
import { CROP_BYTES, createAugmenter } from './pipeline.ts';

const noise = createRng(9);
const original = Uint8Array.from({ length: CROP_BYTES }, () => noise.below(256));
const crop = () => original;
const mesh = sampleMesh();
const { none, light, full } = AUGMENT_PRESETS;

/** Bytes in which two pictures differ. */
const differing = (a: Uint8ClampedArray, b: Uint8ClampedArray) =>
  a.reduce((count, value, i) => count + (value === b[i] ? 0 : 1), 0);

describe('createAugmenter', () => {
  it.each([64, 80, 96, 112])('gives %i pixels a side, RGB', (size) => {
    expect(createAugmenter(full).augment(crop(), mesh, createRng(1), size).pixels).toHaveLength(
      size * size * 3,
    );
  });

  it('is fixed by the seed alone, whatever was augmented before', () => {
    const fresh = createAugmenter(full);
    const used = createAugmenter(full);
    for (let seed = 0; seed < 20; seed++) used.augment(crop(), mesh, createRng(1000 + seed), 64);
    for (let seed = 0; seed < 20; seed++) {
      const one = fresh.augment(crop(), mesh, createRng(seed), 80);
      const other = used.augment(crop(), mesh, createRng(seed), 80);
      expect(differing(other.pixels, one.pixels)).toBe(0);
      expect(other.accessories).toEqual(one.accessories);
    }
  });

  it('leaves its input unchanged and writes where it is told', () => {
    const input = original.slice();
    const out = new Uint8ClampedArray(64 * 64 * 3);
    const { pixels } = createAugmenter(full).augment(input, mesh, createRng(2), 64, out);
    expect(pixels).toBe(out);
    expect(input).toEqual(original);
  });

  it('without augmentation gives the template in the centre, always the same', () => {
    const one = createAugmenter(none).augment(crop(), mesh, createRng(1), 112);
    expect(createAugmenter(none).augment(crop(), mesh, createRng(2), 112)).toEqual(one);
    expect(one.pixels.slice(0, 3)).toEqual(
      Uint8ClampedArray.from(
        crop()
          .slice((16 * 144 + 16) * 3)
          .slice(0, 3),
      ),
    );
  });

  it('a flipped face wears the same accessories, mirrored with it', () => {
    const dressed = { ...none, accessories: { ...full.accessories, probability: 1 } };
    const plain = createAugmenter(dressed);
    const flipped = createAugmenter({ ...dressed, geometry: { ...none.geometry, flip: 1 } });
    for (let seed = 0; seed < 10; seed++) {
      const a = plain.augment(crop(), mesh, createRng(seed), 112);
      const b = flipped.augment(crop(), mesh, createRng(seed), 112);
      const mirrored = a.pixels.map((_, i) => {
        const column = Math.floor((i % 336) / 3);
        return a.pixels[Math.floor(i / 336) * 336 + (111 - column) * 3 + (i % 3)]!;
      });
      expect(differing(b.pixels, mirrored)).toBe(0);
      expect(b.accessories).toEqual(a.accessories);
    }
  });

  it('draws as often as configured', () => {
    const augmenter = createAugmenter({ ...none, accessories: { ...full.accessories, probability: 0.5 } });
    let worn = 0;
    for (let seed = 0; seed < 300; seed++) {
      const { accessories } = augmenter.augment(crop(), mesh, createRng(seed), 16);
      if (Object.values(accessories).some(Boolean)) worn++;
    }
    expect(worn / 300).toBeGreaterThan(0.4);
    expect(worn / 300).toBeLessThan(0.6);
  });

  it('the light preset never draws', () => {
    const augmenter = createAugmenter(light);
    for (let seed = 0; seed < 50; seed++) {
      const { accessories } = augmenter.augment(crop(), mesh, createRng(seed), 32);
      expect(Object.values(accessories)).toEqual([false, false, false, false]);
    }
  });

  it('refuses input of the wrong shape and says what was wrong', () => {
    const augmenter = createAugmenter(none);
    expect(() => augmenter.augment(new Uint8Array(10), mesh, createRng(1), 112)).toThrow('10 bytes');
    expect(() => augmenter.augment(crop(), new Float32Array(4), createRng(1), 112)).toThrow('468');
    expect(() => augmenter.augment(crop(), mesh, createRng(1), 500)).toThrow('size 500');
    expect(() => augmenter.augment(crop(), mesh, createRng(1), 64, new Uint8ClampedArray(3))).toThrow(
      '64x64',
    );
  });
});

describe('the configuration', () => {
  it('accepts the presets', () => {
    for (const preset of Object.values(AUGMENT_PRESETS))
      expect(augmentConfigSchema.parse(preset)).toEqual(preset);
  });

  it('refuses impossible probabilities, reversed ranges and unknown fields', () => {
    const spoil = (change: object) => () => createAugmenter({ ...full, ...change } as typeof full);
    expect(spoil({ noise: { ...full.noise, probability: 1.2 } })).toThrow('noise');
    expect(spoil({ noise: { ...full.noise, sigma: [5, 2] } })).toThrow('must not exceed');
    expect(spoil({ sharpen: 1 })).toThrow('sharpen');
  });
});
