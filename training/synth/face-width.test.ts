import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaceDetector } from '@rounz/core/face/detector.ts';
import type { RgbaImage } from '@rounz/core/image.ts';
import { facePointsOf } from '@rounz/core/liveness/points.ts';
import { faceProportion, faceWidthOf } from '@rounz/core/liveness/proportion.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../data/decode.ts';
import { loadNodeDetector, useWasmBackend } from '../data/detector-models.ts';
import { identityOf, personOf } from './person/people.ts';
import { renderPerson } from './render/render.ts';

const PEOPLE = join(import.meta.dirname, '../../test/fixtures/people');
/** A portrait is cut from the middle of what its camera sees: 60 degrees of it are so many of the portrait's pixels. */
const FRAME = { width: 721, height: 721 };

let detector: FaceDetector;
beforeAll(async () => {
  await useWasmBackend();
  detector = await loadNodeDetector();
});
afterAll(() => detector.dispose());

async function proportionOf(image: RgbaImage): Promise<number> {
  const [face] = await detector.detect(image);
  return faceProportion(facePointsOf(face!.mesh), FRAME);
}

describe('the width of rendered faces', () => {
  it.each([
    ['park-minjun', 'narrow'],
    ['lee-dohyun', 'medium'],
    ['seo-jiwoo', 'medium'],
    ['oh-jaeho', 'wide'],
  ])('is told of %s as they were drawn: %s', async (id, width) => {
    const image = await decodeImage(readFileSync(join(PEOPLE, id, 'bare.png')));
    expect(faceWidthOf(await proportionOf(image))).toBe(width);
  });

  it('is in the order in which one head was widened', async () => {
    const identity = identityOf(personOf('lee-dohyun'));
    const widened = (by: number) => {
      const { shape } = identity;
      const wide = {
        headWidth: shape.headWidth * by,
        cheekWidth: shape.cheekWidth * by,
        foreheadWidth: shape.foreheadWidth * by,
        jawWidth: shape.jawWidth * by,
      };
      return proportionOf(renderPerson({ ...identity, shape: { ...shape, ...wide } }));
    };
    const [narrow, usual, wide] = [await widened(0.88), await widened(1), await widened(1.12)];
    expect(usual).toBeGreaterThan(narrow + 0.02);
    expect(wide).toBeGreaterThan(usual + 0.02);
  });
});
