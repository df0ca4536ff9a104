import { createHash } from 'node:crypto';
import { createRng } from '@rounz/core/math/random.ts';
import { describe, expect, it } from 'vitest';
import { sampleMesh } from '../../cache/sample-mesh.ts';
import { AUGMENT_PRESETS, OUTFITS, type Outfit } from '../config.ts';
import { CROP_BYTES, createAugmenter } from '../pipeline/pipeline.ts';
import { CROP_SIZE } from '../warp.ts';
import { readHead } from './head.ts';
import { wear } from './wear.ts';

const DRAWS = 40;
const SKIN = [190, 145, 120] as const;
const plainFace = () => new Uint8ClampedArray(CROP_BYTES).map((_, i) => SKIN[i % 3]!);

/** Mean absolute change in boxes of the sample face: x0, y0, x1, y1. */
const REGIONS = {
  eyes: [46, 60, 98, 76],
  forehead: [50, 16, 94, 36],
  cheeks: [52, 84, 92, 92],
  mouth: [58, 100, 86, 116],
} as const;
type Region = keyof typeof REGIONS;

function change(pixels: Uint8ClampedArray, region: Region): number {
  const [x0, y0, x1, y1] = REGIONS[region];
  let total = 0;
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      for (let c = 0; c < 3; c++) total += Math.abs(pixels[(y * CROP_SIZE + x) * 3 + c]! - SKIN[c]!);
    }
  }
  return total / (3 * (x1 - x0) * (y1 - y0));
}

const dress = (outfit: Outfit, seed: number) => {
  const crop = plainFace();
  const worn = wear(crop, sampleMesh(), { outfit, fringe: false, occluder: false }, createRng(seed));
  return { crop, worn };
};

/** Median over draws: one odd draw (a mask on the chin) does not decide. */
function typicalChange(outfit: Outfit): Record<Region, number> {
  const draws = Array.from({ length: DRAWS }, (_, seed) => dress(outfit, seed).crop);
  const median = (region: Region) =>
    draws.map((crop) => change(crop, region)).sort((a, b) => a - b)[DRAWS / 2]!;
  return {
    eyes: median('eyes'),
    forehead: median('forehead'),
    cheeks: median('cheeks'),
    mouth: median('mouth'),
  };
}

/** Bytes in which two pictures differ. */
const differing = (a: Uint8ClampedArray, b: Uint8ClampedArray) =>
  a.reduce((count, value, i) => count + (value === b[i] ? 0 : 1), 0);

describe('wear', () => {
  it.each(['glasses', 'hornRimmed', 'sunglasses'] as const)(
    '%s change the eyes, not the forehead or the mouth',
    (outfit) => {
      const { eyes, forehead, mouth } = typicalChange(outfit);
      expect(eyes).toBeGreaterThan({ glasses: 2, hornRimmed: 8, sunglasses: 50 }[outfit]);
      expect(forehead).toBe(0);
      expect(mouth).toBe(0);
    },
  );

  it('a hat changes the forehead, hardly the eyes, never the mouth', () => {
    const { eyes, forehead, mouth } = typicalChange('hat');
    expect(forehead).toBeGreaterThan(40);
    expect(eyes).toBeLessThan(forehead / 3);
    expect(mouth).toBe(0);
  });

  it('a mask changes the mouth, not the forehead, hardly the eyes', () => {
    const { eyes, forehead, mouth } = typicalChange('mask');
    expect(mouth).toBeGreaterThan(25);
    expect(forehead).toBe(0);
    expect(eyes).toBeLessThan(mouth / 5);
  });

  it('no two draws of an outfit are alike', () => {
    for (const outfit of OUTFITS) {
      const hashes = new Set(
        Array.from({ length: 12 }, (_, seed) =>
          createHash('sha256').update(dress(outfit, seed).crop).digest('hex'),
        ),
      );
      expect(hashes.size).toBe(12);
    }
  });

  it('labels what it draws', () => {
    expect(dress('hat+sunglasses+mask', 1).worn).toEqual({
      glasses: false,
      sunglasses: true,
      hat: true,
      mask: true,
    });
    expect(dress('hornRimmed', 1).worn).toEqual({
      glasses: true,
      sunglasses: false,
      hat: false,
      mask: false,
    });
  });

  it('leaves a face without a mesh alone and labels nothing', () => {
    const crop = plainFace();
    const lost = new Float32Array(936).fill(Number.NaN);
    const worn = wear(crop, lost, { outfit: 'hat+glasses+mask', fringe: true, occluder: true }, createRng(1));
    expect(differing(crop, plainFace())).toBe(0);
    expect(Object.values(worn)).toEqual([false, false, false, false]);
  });

  it('follows the head: a shifted and turned mesh moves the sunglasses with it', () => {
    const angle = 0.3;
    const turned = sampleMesh();
    for (let i = 0; i < turned.length; i += 2) {
      const x = turned[i]! - 72;
      const y = turned[i + 1]! - 72;
      turned[i] = 72 + x * Math.cos(angle) - y * Math.sin(angle);
      turned[i + 1] = 72 + x * Math.sin(angle) + y * Math.cos(angle);
    }
    const head = readHead(turned);
    expect(Math.atan2(head!.across.y, head!.across.x)).toBeCloseTo(angle, 2);
    expect(head!.scale).toBeCloseTo(readHead(sampleMesh())!.scale, 3);
    expect(Math.abs(head!.turn)).toBeLessThan(0.02);
  });

  it('reads the turn of a head from its outline', () => {
    const mesh = sampleMesh();
    for (const right of [127, 234]) mesh[right * 2] = mesh[right * 2]! - 4;
    for (const left of [356, 454]) mesh[left * 2] = mesh[left * 2]! - 12;
    const head = readHead(mesh)!;
    expect(head.turn).toBeGreaterThan(0.1);
    expect(head.onFace(20, 0).x - head.bridge.x).toBeLessThanOrEqual(20.5);
  });
});

describe('the fringe and the occluder', () => {
  it('the fringe covers the forehead only; the occluder changes something almost always', () => {
    const outfits = AUGMENT_PRESETS.none.accessories.outfits;
    const mesh = sampleMesh();
    let changed = 0;
    for (let seed = 0; seed < DRAWS; seed++) {
      const fringed = plainFace();
      wear(fringed, mesh, { outfit: undefined, fringe: true, occluder: false }, createRng(seed));
      expect(change(fringed, 'forehead')).toBeGreaterThan(5);
      expect(change(fringed, 'mouth')).toBe(0);
      const held = createAugmenter({
        ...AUGMENT_PRESETS.none,
        accessories: { probability: 0, outfits, occluder: 1, fringe: 0 },
      });
      const { pixels } = held.augment(plainFace(), mesh, createRng(seed), 112);
      if (pixels.some((value, i) => value !== SKIN[i % 3])) changed++;
    }
    expect(changed).toBeGreaterThan(DRAWS * 0.9);
  });
});
