import type { RgbaImage } from '@rounz/core/image.ts';
import { describe, expect, it } from 'vitest';
import { WEAR } from '../accessory/accessory.ts';
import { EXPRESSIONS } from '../person/expression.ts';
import { createIdentity } from '../person/identity.ts';
import { LIGHTS } from './light.ts';
import { eyesOf, PORTRAIT, type RenderOptions, renderPerson } from './render.ts';

const SIZE = 112;
const person = createIdentity(7, { hair: { cut: 'swept' }, presentation: 'masculine', beard: 'none' });
const render = (changes: Partial<RenderOptions> = {}, identity = person): RgbaImage =>
  renderPerson(identity, { width: SIZE, height: SIZE, ...changes });

const eyes = eyesOf(person, { ...PORTRAIT, width: SIZE, height: SIZE });
const unit = eyes.distance / (2 * person.shape.eyeX);

/** Mean absolute difference per channel over a box in head space (units from the point between the eyes). */
function difference(a: RgbaImage, b: RgbaImage, x0: number, x1: number, y0: number, y1: number): number {
  let sum = 0;
  let count = 0;
  for (let y = Math.round(eyes.y - y1 * unit); y < eyes.y - y0 * unit; y++) {
    for (let x = Math.round(eyes.x + x0 * unit); x < eyes.x + x1 * unit; x++) {
      for (let c = 0; c < 3; c++) {
        sum += Math.abs(a.data[(y * SIZE + x) * 4 + c]! - b.data[(y * SIZE + x) * 4 + c]!);
        count++;
      }
    }
  }
  return sum / count;
}
const atEyes = (a: RgbaImage, b: RgbaImage): number => difference(a, b, -0.5, 0.5, -0.12, 0.12);
const atMouth = (a: RgbaImage, b: RgbaImage): number => difference(a, b, -0.25, 0.25, -0.85, -0.55);
const atForehead = (a: RgbaImage, b: RgbaImage): number => difference(a, b, -0.4, 0.4, 0.5, 0.95);

describe('renderPerson', () => {
  const bare = render();

  it('draws the same bytes for the same seed and options', () => {
    const again = render(
      {},
      createIdentity(7, { hair: { cut: 'swept' }, presentation: 'masculine', beard: 'none' }),
    );
    expect(again.data).toEqual(bare.data);
  });

  it('draws somebody else for another seed', () => {
    const other = render(
      {},
      createIdentity(8, { hair: { cut: 'swept' }, presentation: 'masculine', beard: 'none' }),
    );
    expect(atEyes(bare, other)).toBeGreaterThan(4);
  });

  it('has the size asked for, and hides nothing of an opaque background', () => {
    const wide = render({ width: 60, height: 40 });
    expect([wide.width, wide.height, wide.data.length]).toEqual([60, 40, 60 * 40 * 4]);
    for (let n = 3; n < wide.data.length; n += 4) expect(wide.data[n]).toBe(255);
  });

  it('leaves the surroundings clear on a transparent background', () => {
    const cut = render({ background: { kind: 'transparent' } });
    expect(cut.data[3]).toBe(0);
    expect(cut.data[(Math.round(eyes.y) * SIZE + Math.round(eyes.x)) * 4 + 3]).toBe(255);
  });

  it('covers the eyes with glasses and leaves the mouth', () => {
    for (const wear of ['glasses', 'horn-rimmed', 'sunglasses'] as const) {
      const worn = render({ wear: WEAR[wear] });
      expect(atEyes(bare, worn), wear).toBeGreaterThan(5);
      expect(atMouth(bare, worn), wear).toBeLessThan(1);
    }
    const dark = render({ wear: WEAR.sunglasses });
    expect(atEyes(bare, dark)).toBeGreaterThan(atEyes(bare, render({ wear: WEAR.glasses })));
  });

  it('covers the mouth with a mask and leaves the eyes', () => {
    const worn = render({ wear: WEAR.mask });
    expect(atMouth(bare, worn)).toBeGreaterThan(25);
    expect(atEyes(bare, worn)).toBeLessThan(3);
  });

  it('covers hair and forehead with a cap and leaves the mouth', () => {
    const worn = render({ wear: WEAR.cap });
    expect(atForehead(bare, worn)).toBeGreaterThan(25);
    expect(atMouth(bare, worn)).toBeLessThan(6);
  });

  it('closes the eyes in a blink and bends the mouth in a smile', () => {
    const blink = render({ expression: EXPRESSIONS.blink });
    expect(atEyes(bare, blink)).toBeGreaterThan(3);
    expect(atMouth(bare, blink)).toBe(0);
    expect(atMouth(bare, render({ expression: EXPRESSIONS.smile }))).toBeGreaterThan(1);
  });

  it('turns the face with the pose: positive yaw to the picture’s right', () => {
    const turned = render({ pose: { yaw: 30, pitch: 0, roll: 0 }, background: { kind: 'transparent' } });
    const facing = render({ background: { kind: 'transparent' } });
    expect(lipColumn(turned)).toBeGreaterThan(lipColumn(facing) + 4);
  });

  it('darkens the picture with the light', () => {
    const mean = (image: RgbaImage): number => image.data.reduce((a, b) => a + b) / image.data.length;
    expect(mean(render({ light: LIGHTS.dark }))).toBeLessThan(mean(bare) * 0.6);
  });

  it('adds noise only where it is asked for, the same for the same seed', () => {
    expect(render({ grain: 4, grainSeed: 3 }).data).toEqual(render({ grain: 4, grainSeed: 3 }).data);
    expect(render({ grain: 4, grainSeed: 3 }).data).not.toEqual(bare.data);
  });
});

/** Mean column of the lips: the reddest skin below the nose. */
function lipColumn(image: RgbaImage): number {
  let weight = 0;
  let sum = 0;
  for (let y = Math.round(eyes.y + 0.5 * unit); y < eyes.y + 0.85 * unit; y++) {
    for (let x = 0; x < SIZE; x++) {
      const n = (y * SIZE + x) * 4;
      if (image.data[n + 3]! < 255) continue;
      const red = Math.max(0, image.data[n]! / (image.data[n + 1]! + 1) - 1.38);
      weight += red;
      sum += red * x;
    }
  }
  return sum / weight;
}
