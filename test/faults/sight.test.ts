import { readFileSync } from 'node:fs';
import { createCanvas, type Image, loadImage } from '@napi-rs/canvas';
import { analyseFaces } from '@rounz/core/face/analyse.ts';
import { type FaceDetector, VIDEO_DETECTOR } from '@rounz/core/face/detector.ts';
import type { RgbaImage } from '@rounz/core/image.ts';
import { mulberry32 } from '@rounz/core/math/random.ts';
import { likeness, lookOf, upsideDown } from '@rounz/core/picture-look.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sightConfig } from '../../src/state/sight/config.ts';
import { VISION } from '../../src/vision/config.ts';
import type { Turn } from '../../src/vision/protocol.ts';
import { createTurnWatch } from '../../src/vision/turned.ts';
import { loadNodeDetector, useWasmBackend } from '../../training/data/detector-models.ts';
import { lookOf as fileOf, RENDERED_PEOPLE } from '../helpers/clip.ts';

/** Rendered people before the kiosk, as a working or a faulty camera would show them. */

const [WIDTH, HEIGHT] = [640, 480];
const people: Image[] = [];
let detector: FaceDetector;
beforeAll(async () => {
  await useWasmBackend();
  detector = await loadNodeDetector(VIDEO_DETECTOR);
  for (const person of RENDERED_PEOPLE.slice(0, 4))
    people.push(await loadImage(readFileSync(fileOf(person, 'bare'))));
});
afterAll(() => detector.dispose());

interface Shot {
  readonly person?: Image;
  /** degrees, clockwise */
  readonly turn?: Turn;
  /** pixels */
  readonly blur?: number;
  /** factor on all light */
  readonly light?: number;
  /** grey levels of the sensor's noise, 0..; another one each time */
  readonly noise?: number;
  readonly scale?: number;
}

const random = mulberry32(7);

/** A sensor's noise of strength one, longer than a frame: each picture takes it from another place. */
const NOISE = Float32Array.from(
  { length: 4 * WIDTH * HEIGHT + 10_007 },
  () => (random() + random() + random() - 1.5) * 2,
);

function shoot({ person, turn = 0, blur = 0, light = 1, noise = 3, scale = 0.8 }: Shot): RgbaImage {
  const canvas = createCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d');
  context.fillStyle = '#ccd0d2';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  if (blur > 0) context.filter = `blur(${blur}px)`;
  context.translate(WIDTH / 2, HEIGHT / 2);
  context.rotate((turn * Math.PI) / 180);
  context.fillStyle = '#556070';
  context.fillRect(-300, -40, 90, 280);
  context.fillStyle = '#a99a88';
  context.fillRect(200, -140, 80, 380);
  if (person) {
    const height = HEIGHT * scale;
    const width = (height * person.width) / person.height;
    context.drawImage(person, -width / 2, -height / 2, width, height);
  }
  const { data } = context.getImageData(0, 0, WIDTH, HEIGHT);
  const pixels = new Uint8ClampedArray(data);
  const from = Math.floor(random() * (NOISE.length - pixels.length));
  for (let i = 0; i < pixels.length; i++) pixels[i] = light * pixels[i]! + noise * NOISE[from + i]!;
  return { data: pixels, width: WIDTH, height: HEIGHT };
}

describe('lookOf', () => {
  it('tells a covered, a black and a good picture apart', () => {
    for (const person of [undefined, ...people])
      for (const light of [1, 0.3]) {
        const look = lookOf(shoot({ ...(person ? { person } : {}), light }));
        expect(look.luma).toBeGreaterThan(sightConfig.dark);
        expect(look.contrast).toBeGreaterThan(sightConfig.plain);
      }
    expect(lookOf(shoot({ light: 0 })).luma).toBeLessThan(sightConfig.dark);
    const tape = { data: new Uint8ClampedArray(4 * WIDTH * HEIGHT), width: WIDTH, height: HEIGHT };
    for (let i = 0; i < tape.data.length; i++) tape.data[i] = 96 + 6 * (random() - 0.5);
    expect(lookOf(tape).contrast).toBeLessThan(sightConfig.plain);
  });

  it('tells a picture far out of focus from a sharp one, noise or none', () => {
    for (const person of [undefined, ...people.slice(0, 2)])
      for (const noise of [0, 4])
        for (const scale of [0.4, 1]) {
          const of = (blur: number) =>
            lookOf(shoot({ ...(person ? { person } : {}), noise, scale, blur })).focus;
          expect(of(0)).toBeGreaterThan(2 * sightConfig.focus);
          expect(of(3)).toBeGreaterThan(sightConfig.focus);
          for (const blur of [13, 20]) expect(of(blur)).toBeLessThan(sightConfig.focus);
        }
  });

  it('gives two pictures of a running camera different prints, and one that is frozen the same', () => {
    const person = people[0]!;
    const first = shoot({ person });
    expect(lookOf(first).print).toBe(lookOf({ ...first, data: first.data.slice() }).print);
    expect(lookOf(first).print).not.toBe(lookOf(shoot({ person })).print);
  });

  it('knows the empty shop again under half of the light, and not turned round', () => {
    const now = lookOf(shoot({})).scene;
    expect(likeness(now, lookOf(shoot({ light: 0.5 })).scene)).toBeGreaterThan(0.95);
    expect(likeness(now, lookOf(upsideDown(shoot({}))).scene)).toBeLessThan(sightConfig.sceneLikeness);
  });

  it('takes pictures of no size, one pixel and an odd size', () => {
    for (const [width, height] of [
      [0, 0],
      [1, 1],
      [81, 3],
      [3, 500],
    ] as const) {
      const look = lookOf({ data: new Uint8ClampedArray(4 * width * height), width, height });
      expect(Object.values(look).flat().every(Number.isFinite)).toBe(true);
    }
  });
});

describe('the turn watch', () => {
  /** What it says of a stream in the first half minute. */
  async function votes(turn: Turn, person: Image): Promise<readonly (Turn | undefined)[]> {
    let at = 0;
    const watch = createTurnWatch(detector, VISION, () => at);
    const said: (Turn | undefined)[] = [];
    for (; at <= 30_000; at += 1_000) {
      const image = shoot({ turn, person, scale: 0.6 + 0.3 * random() });
      const [nearest] = analyseFaces(image, await detector.detect(image));
      said.push(await watch.look(image, nearest?.quality.pose.roll));
    }
    return said;
  }

  it.each([0, 90, 180, 270] as const)('knows a stream that is turned by %i degrees', async (turn) => {
    for (const person of [people[turn / 90]!]) {
      const told = (await votes(turn, person)).filter((vote) => vote !== undefined);
      expect(told.length).toBeGreaterThanOrEqual(sightConfig.votes);
      expect(told.filter((vote) => vote === turn).length / told.length).toBeGreaterThanOrEqual(0.9);
    }
  });

  it('says nothing of an empty shop', async () => {
    let at = 0;
    const watch = createTurnWatch(detector, VISION, () => at);
    for (; at <= 20_000; at += 1_000) expect(await watch.look(shoot({}), undefined)).toBeUndefined();
  });
});
