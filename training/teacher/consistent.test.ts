import { createRng } from '@rounz/core/math/random.ts';
import { dot } from '@rounz/core/math/vector.ts';
import { planNetwork } from '@rounz/core/model/architecture.ts';
import { foldWeights, InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import type { Architecture } from '@rounz/core/model/manifest.ts';
import { initialWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useWasmBackend } from '../backend/wasm.ts';
import { askedMobileFaceNet, askedSFace, ConsistentTeacher } from './consistent.ts';
import { PACKAGE_MOBILEFACENET } from './mobilefacenet-plan.ts';
import { PACKAGE_SFACE } from './sface-plan.ts';

const SIDE = 112;
const WIDTH = 300;
const none = () => undefined;

/** Smooth coloured waves, mirrored or not. */
function picture(seed: number, mirrored = false): Uint8ClampedArray {
  const rng = createRng(seed);
  const [a, b] = [rng.between(0.03, 0.2), rng.between(0.03, 0.2)];
  return Uint8ClampedArray.from({ length: SIDE * SIDE * 3 }, (_, i) => {
    const column = Math.floor(i / 3) % SIDE;
    const x = mirrored ? SIDE - 1 - column : column;
    return 128 + 100 * Math.sin(a * x + b * Math.floor(i / 3 / SIDE) * ((i % 3) + 1));
  });
}

function joined(...pictures: Uint8ClampedArray[]): Uint8ClampedArray {
  const all = new Uint8ClampedArray(pictures.length * SIDE * SIDE * 3);
  pictures.forEach((one, i) => {
    all.set(one, i * one.length);
  });
  return all;
}

function untrained(architecture: Architecture): InferenceNetwork {
  const plan = planNetwork(architecture);
  const rng = createRng(1);
  const start = initialWeights(plan, () => rng.next());
  return new InferenceNetwork(plan, foldWeights(plan, start));
}

describe('ConsistentTeacher', () => {
  let network: InferenceNetwork;

  beforeAll(async () => {
    await useWasmBackend();
    network = untrained(PACKAGE_MOBILEFACENET);
  });
  afterAll(() => network.dispose());

  const teacher = (second?: (path: string) => Float32Array | undefined) =>
    new ConsistentTeacher(askedMobileFaceNet(network), {
      first: { centre: new Float32Array(128), of: none },
      further: second ? [{ embeddings: { centre: new Float32Array(128), of: second }, share: 0.5 }] : [],
      width: WIDTH,
      personShare: 0.3,
    });

  async function targets(
    asked: ConsistentTeacher,
    pixels: Uint8ClampedArray,
    pictures: Parameters<ConsistentTeacher['teach']>[1],
    channels = 512,
  ): Promise<Float32Array[]> {
    const before = tf.memory().numTensors;
    const lesson = await asked.teach(pixels, pictures);
    const values = await lesson.targets.data<'float32'>();
    expect(lesson.maps.shape).toEqual([pictures.length, 7, 7, channels]);
    tf.dispose([lesson.targets, lesson.maps]);
    expect(tf.memory().numTensors).toBe(before);
    return pictures.map((_, row) => values.slice(row * WIDTH, (row + 1) * WIDTH));
  }

  it('has one target for a face and its mirror image, and another for another face', async () => {
    const pixels = joined(picture(1), picture(1, true), picture(2));
    const [own, mirrored, other] = await targets(teacher(), pixels, [
      { path: 'a' },
      { path: 'b' },
      { path: 'c' },
    ]);
    expect(dot(own!, mirrored!)).toBeCloseTo(1, 4);
    expect(dot(own!, other!)).toBeLessThan(0.999);
  });

  it('asks SFace, which shows the map before its neck', async () => {
    const blocks = PACKAGE_SFACE.blocks.map(({ stride }) => ({ outputs: 16, stride }));
    const small = untrained({ ...PACKAGE_SFACE, width: 8, blocks, head: { neck: 8, side: 7, outputs: 128 } });
    const options = { first: { centre: new Float32Array(128), of: none }, further: [], width: WIDTH };
    const asked = new ConsistentTeacher(askedSFace(small), { ...options, personShare: 0 });
    const pixels = joined(picture(1), picture(1, true));
    const [own, mirrored] = await targets(asked, pixels, [{ path: 'a' }, { path: 'b' }], 16);
    expect(dot(own!, mirrored!)).toBeCloseTo(1, 4);
    asked.dispose();
  });

  it('lays the second teacher beside the first, at half of its length', async () => {
    const second = new Float32Array(128);
    second[3] = 1;
    const [target] = await targets(
      teacher(() => second),
      picture(1),
      [{ path: 'a' }],
    );
    expect(Math.hypot(...target!)).toBeCloseTo(1, 5);
    expect(target![128 + 3]! / Math.hypot(...target!.slice(0, 128))).toBeCloseTo(0.5, 4);
  });

  it('draws a target towards the person, and takes the person alone where an accessory spoils the picture', async () => {
    const personMean = new Float32Array(WIDTH);
    personMean[200] = 1;
    const pixels = joined(picture(1), picture(1));
    const [bare, spoiled] = await targets(teacher(), pixels, [
      { path: 'a', personMean },
      { path: 'b', personMean, spoiled: true },
    ]);
    expect(bare![200]! / Math.hypot(...bare!.slice(0, 128))).toBeCloseTo(0.3 / 0.7, 4);
    expect(spoiled![200]).toBeCloseTo(1, 6);
  });
});
