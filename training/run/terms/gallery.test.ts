import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Sample } from '../../samples/samples.ts';
import { GalleryTerm } from './gallery.ts';

const CONFIG = { weight: 0.5, scale: 4, margin: 0, sameAbove: 0.95 };

const sample = (path: string, person: string | null, target?: number[], personMean?: number[]): Sample => ({
  set: 's',
  index: 0,
  path,
  person,
  label: -1,
  target: target && Float32Array.from(target),
  ...(personMean ? { personMean: Float32Array.from(personMean) } : {}),
});

/** The loss of one probe that points to `embedding`, whose target is `target`. */
function lossOf(term: GalleryTerm, probe: Sample, embedding: number[], target: number[]): number {
  const lesson = { targets: tf.tensor2d([target]), maps: tf.zeros([1, 1, 1, 1]) as tf.Tensor4D };
  const context = { embeddings: tf.tensor2d([embedding]), samples: [probe], imagesSeen: 0, lesson };
  return term.losses(context)[0]!.value.dataSync()[0]!;
}

describe('GalleryTerm', () => {
  beforeAll(() => tf.setBackend('cpu'));

  const ann = [sample('s/ann/1', 'ann', [1, 0], [0.6, 0.8]), sample('s/ann/2', 'ann', [0, 1], [0.6, 0.8])];
  const nobody = sample('s/x', null, [0, 2]);

  it('holds one template a person, and each picture of nobody known as a person', () => {
    const term = new GalleryTerm(CONFIG, [...ann, nobody, sample('s/y', null, [-1, 0])]);
    // ann's own template is no stranger to her; [0, 1] and [-1, 0] are.
    const expected = Math.log(Math.exp(4) + Math.exp(0) + Math.exp(-4)) - 4;
    expect(lossOf(term, ann[0]!, [2, 0], [1, 0])).toBeCloseTo(expected, 5);
  });

  it('takes the person’s mean as template, at unit length', () => {
    const term = new GalleryTerm(CONFIG, [sample('s/bo/1', 'bo', [9, 9], [3, 4]), nobody]);
    const expected = Math.log(Math.exp(4) + Math.exp(4 * 0.6)) - 4;
    expect(lossOf(term, nobody, [1, 0], [1, 0])).toBeCloseTo(expected, 5);
  });

  it('leaves out who looks like the probe’s own target', () => {
    const term = new GalleryTerm(CONFIG, [nobody, sample('s/y', null, [0.1, 1])]);
    expect(lossOf(term, nobody, [0, 1], [0, 1])).toBeCloseTo(0, 5);
  });

  it('says what is missing where there is no target or no teacher', () => {
    expect(() => new GalleryTerm(CONFIG, [sample('s/z', null), nobody])).toThrow('--teacher');
    const term = new GalleryTerm(CONFIG, [nobody, ...ann]);
    const context = { embeddings: tf.tensor2d([[1, 0]]), samples: [nobody], imagesSeen: 0 };
    expect(() => term.losses(context)).toThrow('losses.consistent');
  });
});
