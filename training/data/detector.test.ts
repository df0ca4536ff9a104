import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyseFaces, mainFace } from '@rounz/core/face/analyse.ts';
import { createFaceDetector, type FaceDetector, VIDEO_DETECTOR } from '@rounz/core/face/detector.ts';
import type { DetectedFace } from '@rounz/core/face/face.ts';
import { interEyeDistance } from '@rounz/core/face/landmarks.ts';
import { type DetectorModels, loadDetectorModels } from '@rounz/core/face/models.ts';
import { runBlazeface } from '@rounz/core/face/networks.ts';
import { buildPyramid } from '@rounz/core/face/pyramid.ts';
import type { RgbaImage } from '@rounz/core/image.ts';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { decodeImage } from './decode.ts';
import { diskDetectorFiles, useWasmBackend } from './detector-models.ts';

const FIXTURES = join(import.meta.dirname, '../../test/fixtures');
/** Where the renderer put the eyes: their middle and their distance, pixels. */
const peopleSchema = z.object({
  people: z.array(
    z.object({ id: z.string(), eyes: z.object({ x: z.number(), y: z.number(), distance: z.number() }) }),
  ),
});

const { people } = peopleSchema.parse(JSON.parse(readFileSync(join(FIXTURES, 'people.json'), 'utf8')));
const portrait = (id: string, look: string): Promise<RgbaImage> =>
  decodeImage(readFileSync(join(FIXTURES, 'people', id, `${look}.png`)));

/** A picture of another size with this one drawn at (x, y); parts beyond its edge are cut off. */
function place(
  image: RgbaImage,
  width: number,
  height: number,
  x: number,
  y: number,
  onto?: RgbaImage,
): RgbaImage {
  const data = onto ? onto.data : new Uint8ClampedArray(width * height * 4).fill(150);
  const [first, end] = [Math.max(0, -x), Math.min(image.width, width - x)];
  for (let row = Math.max(0, -y); row < Math.min(image.height, height - y); row++) {
    const from = row * image.width;
    data.set(image.data.subarray((from + first) * 4, (from + end) * 4), ((row + y) * width + first + x) * 4);
  }
  return { data, width, height };
}

/** Every `step`-th pixel. */
function thinned(image: RgbaImage, step: number): RgbaImage {
  const [width, height] = [Math.floor(image.width / step), Math.floor(image.height / step)];
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (y * step * image.width + x * step) * 4;
      data.set(image.data.subarray(from, from + 4), (y * width + x) * 4);
    }
  return { data, width, height };
}

const eyesMiddle = ({ points: [right, left] }: DetectedFace) => ({
  x: (right.x + left.x) / 2,
  y: (right.y + left.y) / 2,
});

let models: DetectorModels;
/** Both of the same networks. */
let detector: FaceDetector;
let video: FaceDetector;
beforeAll(async () => {
  await useWasmBackend();
  models = await loadDetectorModels(diskDetectorFiles());
  detector = createFaceDetector(models);
  video = createFaceDetector(models, VIDEO_DETECTOR);
});
afterAll(() => detector.dispose());

describe('the detector on rendered people', () => {
  const looks = ['bare', 'glasses', 'horn-rimmed', 'sunglasses', 'cap', 'mask', 'smile'];

  it.each(looks)('finds the one face and its eyes: %s', async (look) => {
    for (const { id, eyes } of people.slice(0, 6)) {
      const faces = await detector.detect(await portrait(id, look));
      expect(faces, `${id} ${look}`).toHaveLength(1);
      const face = faces[0]!;
      const middle = eyesMiddle(face);
      const off = Math.hypot(middle.x - eyes.x, middle.y - eyes.y) / eyes.distance;
      expect(off, `${id} ${look}: eyes' middle`).toBeLessThan(0.15);
      expect(interEyeDistance(face.points) / eyes.distance, `${id} ${look}: eye distance`).toBeGreaterThan(
        0.85,
      );
      expect(interEyeDistance(face.points) / eyes.distance, `${id} ${look}: eye distance`).toBeLessThan(1.15);
    }
  });

  it('finds a face that fills and overflows its picture', async () => {
    const { id, eyes } = people[0]!;
    const image = await portrait(id, 'bare');
    const side = Math.round(eyes.distance * 2);
    const [x, y] = [Math.round(eyes.x - side / 2), Math.round(eyes.y - side * 0.4)];
    const faces = await detector.detect(place(image, side, side, -x, -y));
    expect(faces).toHaveLength(1);
    const middle = eyesMiddle(faces[0]!);
    expect(Math.hypot(middle.x - (eyes.x - x), middle.y - (eyes.y - y)) / eyes.distance).toBeLessThan(0.2);
  });

  it('puts the nearest face first and the portrait’s subject in the middle', async () => {
    const near = await portrait(people[0]!.id, 'bare');
    const far = thinned(await portrait(people[1]!.id, 'bare'), 2);
    const scene = place(far, 560, 320, 380, 20, place(near, 560, 320, 0, 0));
    const faces = await detector.detect(scene);
    expect(faces).toHaveLength(2);
    expect(interEyeDistance(faces[0]!.points)).toBeGreaterThan(interEyeDistance(faces[1]!.points));
    expect(mainFace(faces, scene)).toBe(faces[0]);
  });

  it.each([
    [640, 480],
    [640, 360],
    [480, 640],
    [500, 340],
  ])('finds in a camera’s frame what it finds in a photograph: %i x %i', async (width, height) => {
    for (const [index, { id }] of people.slice(0, 4).entries()) {
      const scene = place(await portrait(id, 'glasses'), width, height, 10 + 40 * index, 5 + 10 * index);
      const [wanted] = await detector.detect(scene);
      const [found, ...others] = await video.detect(scene);
      expect(others).toEqual([]);
      const reach = 0.06 * interEyeDistance(wanted!.points);
      for (const [i, point] of found!.points.entries())
        expect(Math.hypot(point.x - wanted!.points[i]!.x, point.y - wanted!.points[i]!.y)).toBeLessThan(
          reach,
        );
    }
  });

  it.each([
    [640, 480, [192, 256]],
    [640, 360, [160, 256]],
    [480, 640, [256, 192]],
  ])('gives blazeface no more of a camera’s border than it needs: %i x %i', async (width, height, sides) => {
    const execute = vi.spyOn(models.blazeface, 'execute');
    const frame = { data: new Uint8ClampedArray(width * height * 4), width, height };
    await runBlazeface(models, buildPyramid(frame), VIDEO_DETECTOR.looks[0]!, 0.5, 0.3);
    expect(execute.mock.calls.map(([input]) => (input as tf.Tensor).shape)).toEqual([[1, ...sides, 3]]);
    execute.mockRestore();
  });

  it('finds nobody on a wall, in black and in a picture of one pixel', async () => {
    for (const [width, height, value] of [
      [320, 240, 150],
      [64, 64, 0],
      [1, 1, 255],
    ] as const)
      expect(
        await detector.detect({ data: new Uint8ClampedArray(width * height * 4).fill(value), width, height }),
      ).toEqual([]);
  });

  it('follows a face without blazeface, and looks again when it is gone', async () => {
    const { id } = people[2]!;
    const first = place(await portrait(id, 'glasses'), 400, 360, 20, 20);
    const moved = place(await portrait(id, 'glasses'), 400, 360, 32, 26);
    const previous = await detector.detect(first);
    const [followed] = await detector.detect(moved, { previous });
    const [found] = await detector.detect(moved);
    const off = eyesMiddle(followed!);
    const expected = eyesMiddle(found!);
    expect(Math.hypot(off.x - expected.x, off.y - expected.y)).toBeLessThan(
      0.06 * interEyeDistance(found!.points),
    );
    expect(followed!.boxScore).toBe(previous[0]!.boxScore);
    const empty = { data: new Uint8ClampedArray(400 * 360 * 4).fill(150), width: 400, height: 360 };
    expect(await detector.detect(empty, { previous })).toEqual([]);
  });

  it('measures a good portrait as frontal, open-eyed and sharp', async () => {
    const image = await portrait(people[0]!.id, 'bare');
    const [analysed] = analyseFaces(image, await detector.detect(image));
    const { pose, eyeOpenness, sharpness } = analysed!.quality;
    for (const angle of Object.values(pose)) expect(Math.abs(angle)).toBeLessThan(0.2);
    expect(eyeOpenness).toBeGreaterThan(0.2);
    expect(sharpness).toBeGreaterThan(40);
    expect(analysed!.crop.data).toHaveLength(112 * 112 * 3);
  });

  it('leaves no tensor behind', async () => {
    const image = await portrait(people[0]!.id, 'bare');
    const empty = { data: new Uint8ClampedArray(64 * 64 * 4), width: 64, height: 64 };
    const previous = await detector.detect(image);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) {
      await detector.detect(image);
      await detector.detect(image, { previous });
      await detector.detect(empty);
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});
