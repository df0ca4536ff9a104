import { createRng } from '@rounz/core/math/random.ts';
import { ACCESSORIES } from '@rounz/core/model/accessories.ts';
import { AccessoryHead, HEAD_BIAS, HEAD_KERNEL } from '@rounz/core/model/accessory-head.ts';
import { packWeights } from '@rounz/core/model/weight-file.ts';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { useWasmBackend } from '../../data/detector-models.ts';
import { fitHead, type HeadWeights, type Labels, probabilities } from './fit.ts';
import { judge, thresholdsFor } from './judge.ts';
import { labelsOf, type NamedView } from './views.ts';

await useWasmBackend();

const WIDTH = 12;
const FIT = { steps: 200, rate: 0.05, decay: 1e-4 };

/** Feature k of 0..3 rises with accessory k, on scales of their own; the rest is noise. */
function views(count: number, seed: number, known = (_: number): boolean => true): NamedView[] {
  const rng = createRng(seed);
  return Array.from({ length: count }, () => {
    const truth = ACCESSORIES.map((_, k) => rng.chance(k === 3 ? 0.05 : 0.3));
    const features = Float32Array.from(
      { length: WIDTH },
      (_, i) => 10 ** (i % 4) * (5 + rng.between(-1, 1) + (truth[i] ? 3 : 0)),
    );
    const labels: Labels = truth.map((worn, k) => (known(k) ? (worn ? 1 : 0) : null));
    return { features, labels, source: rng.chance(0.5) ? 'drawn' : 'real' };
  });
}

describe('the head', () => {
  it('learns each accessory, the rare one too, whatever the features’ scales', async () => {
    const before = tf.memory().numTensors;
    const head = await fitHead(views(600, 1), FIT);
    expect(tf.memory().numTensors).toBe(before);
    const figures = judge(head, views(400, 2), { eyewear: 0.5, sunglasses: 0.5, hat: 0.5, mask: 0.5 });
    expect(figures).toHaveLength(2 * ACCESSORIES.length);
    for (const { accessory, recall, falseAlarms } of figures) {
      expect(recall, accessory).toBeGreaterThan(0.9);
      expect(falseAlarms, accessory).toBeLessThan(0.1);
    }
  });

  it('takes unknown labels for nothing', async () => {
    const head = await fitHead(
      views(300, 3, (k) => k !== 1),
      FIT,
    );
    const [, sunglasses] = probabilities(head, views(1, 4)[0]!.features);
    expect(sunglasses).toBeCloseTo(0.5, 6);
  });

  it('gives in core what it gave when it was fitted', async () => {
    const some = views(5, 6);
    const head = await fitHead(views(200, 5), FIT);
    const { bytes, tensors } = packWeights(
      new Map([
        [HEAD_KERNEL, { shape: [WIDTH, ACCESSORIES.length], data: head.kernel }],
        [HEAD_BIAS, { shape: [ACCESSORIES.length], data: head.bias }],
      ]),
      'float32',
    );
    const thresholds = { eyewear: 0.5, sunglasses: 0.5, hat: 0.5, mask: 0.5 };
    const file = { path: 'accessories.bin', bytes: bytes.length, sha256: '0'.repeat(64) };
    const loaded = new AccessoryHead({ file, tensors, thresholds }, bytes.buffer as ArrayBuffer);
    const output = loaded.forward(
      tf.tensor2d(
        some.map(({ features }) => [...features]),
        [some.length, WIDTH],
      ),
    );
    const values = output.dataSync<'float32'>();
    some.forEach(({ features }, row) => {
      const wanted = probabilities(head, features);
      wanted.forEach((value, k) => {
        expect(values[row * ACCESSORIES.length + k]).toBeCloseTo(value, 4);
      });
      const worn = ACCESSORIES.filter((_, k) => wanted[k]! >= 0.5);
      expect(loaded.wornIn(values, row)).toEqual(worn);
    });
    loaded.dispose();
    output.dispose();
  });
});

describe('thresholds', () => {
  it('let at most the wanted share of bare faces pass, and are at least a half', () => {
    // One feature is the logit itself.
    const head: HeadWeights = { kernel: Float32Array.of(1, 0, 0, 0), bias: new Float32Array(4) };
    const bare = Array.from(
      { length: 100 },
      (_, i): NamedView => ({ features: Float32Array.of(i / 20), labels: [0, 0, 0, 0], source: 'real' }),
    );
    const thresholds = thresholdsFor(head, bare, 0.1);
    const passing = bare.filter(({ features }) => probabilities(head, features)[0]! >= thresholds.eyewear);
    expect(passing.length).toBeGreaterThan(5);
    expect(passing.length).toBeLessThanOrEqual(11);
    expect(thresholds.hat).toBe(0.5);
  });

  it('hold for few faces of one kind among many of another', () => {
    const head: HeadWeights = { kernel: Float32Array.of(1, 0, 0, 0), bias: new Float32Array(4) };
    const bare = (logit: number, source: NamedView['source']): NamedView => ({
      features: Float32Array.of(logit),
      labels: [0, 0, 0, 0],
      source,
    });
    const photographed = Array.from({ length: 1000 }, () => bare(-2, 'real'));
    const rendered = Array.from({ length: 10 }, (_, i) => bare(i / 5, 'rendered'));
    const { eyewear } = thresholdsFor(head, [...photographed, ...rendered], 0.1);
    const passing = rendered.filter(({ features }) => probabilities(head, features)[0]! > eyewear);
    expect(passing.length).toBeGreaterThan(0);
    expect(passing.length).toBeLessThanOrEqual(2);
  });
});

describe('labels', () => {
  const celeba = (eyeglasses: boolean, hat: boolean) =>
    new Map([
      ['eyeglasses', eyeglasses],
      ['hat', hat],
    ]);

  it('are what was drawn or what the photograph shows', () => {
    expect(labelsOf(celeba(false, true), new Set())).toEqual([0, 0, 1, 0]);
    expect(labelsOf(celeba(false, false), new Set(['sunglasses', 'mask']))).toEqual([1, 1, 0, 1]);
  });

  it('leave open whether real glasses are dark, unless dark ones were drawn over them', () => {
    expect(labelsOf(celeba(true, false), new Set())).toEqual([1, null, 0, 0]);
    expect(labelsOf(celeba(true, false), new Set(['sunglasses']))).toEqual([1, 1, 0, 0]);
  });
});
