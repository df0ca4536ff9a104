import { existsSync } from 'node:fs';
import { createRng } from '@rounz/core/math/random.ts';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { useNativeBackend } from '../backend/native.ts';
import { ADDON } from '../native/build.ts';
import { arcFaceLoss } from './arcface.ts';
import { distillationLosses, orthonormalFrame } from './distillation.ts';
import { normSpread } from './norm-spread.ts';

const rng = createRng(5);
const matrix = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => rng.between(-1, 1)));
const unit = (row: number[]): number[] => row.map((value) => value / Math.hypot(...row));
const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('ArcFace', () => {
  const embeddings = matrix(3, 6);
  const centres = matrix(5, 6);
  const labels = [2, -1, 4];
  const options = { scale: 8, margin: 0.4 };

  /** By angles, as the paper writes it. */
  function reference(rows: number[][]): number {
    let [sum, count] = [0, 0];
    rows.forEach((row, i) => {
      const label = labels[i]!;
      if (label < 0) return;
      const logits = centres.map((centre, c) => {
        const angle = Math.acos(dot(unit(row), unit(centre)));
        return options.scale * Math.cos(c === label ? angle + options.margin : angle);
      });
      sum += Math.log(logits.reduce((total, logit) => total + Math.exp(logit), 0)) - logits[label]!;
      count++;
    });
    return sum / count;
  }

  const loss = (rows: number[][]): number =>
    tf.tidy(() => arcFaceLoss(tf.tensor2d(rows), tf.tensor2d(centres), labels, options).dataSync()[0]!);

  it('equals the paper’s formula, rows without a class left out', () => {
    expect(loss(embeddings)).toBeCloseTo(reference(embeddings), 4);
  });

  it('has the gradient of finite differences', () => {
    const gradient = tf.tidy(() => {
      const f = (x: tf.Tensor) => arcFaceLoss(x as tf.Tensor2D, tf.tensor2d(centres), labels, options);
      return tf.grad(f)(tf.tensor2d(embeddings)).arraySync() as number[][];
    });
    gradient.forEach((row, i) => {
      row.forEach((value, j) => {
        const moved = (step: number) =>
          embeddings.map((r, k) => (k === i ? r.map((v, l) => (l === j ? v + step : v)) : r));
        expect(value).toBeCloseTo((reference(moved(1e-5)) - reference(moved(-1e-5))) / 2e-5, 2);
      });
    });
  });

  it.skipIf(!existsSync(ADDON))('is the same where the backend fuses it', async () => {
    const both = () =>
      tf.tidy(() => {
        const f = (x: tf.Tensor, w: tf.Tensor) =>
          arcFaceLoss(x as tf.Tensor2D, w as tf.Tensor2D, labels, options);
        const gradients = tf.grads((x, w) => f(x!, w!))([tf.tensor2d(embeddings), tf.tensor2d(centres)]);
        return [f(tf.tensor2d(embeddings), tf.tensor2d(centres)), ...gradients].flatMap((t) => [
          ...t.dataSync(),
        ]);
      });
    const expected = both();
    await useNativeBackend('float32');
    const actual = both();
    await tf.setBackend('cpu');
    actual.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 4);
    });
  });

  it('goes on falling as the angle grows beyond pi - margin', () => {
    const centre = [1, 0, 0, 0, 0, 0];
    const at = (angle: number) => [Math.cos(angle), Math.sin(angle), 0, 0, 0, 0];
    const lossAt = (angle: number) =>
      tf.tidy(
        () =>
          arcFaceLoss(
            tf.tensor2d([at(angle)]),
            tf.tensor2d([centre, [0, 0, 1, 0, 0, 0]]),
            [0],
            options,
          ).dataSync()[0]!,
      );
    expect(lossAt(Math.PI - 0.05)).toBeGreaterThan(lossAt(Math.PI - 0.3));
  });
});

describe('distillation', () => {
  const embeddings = matrix(3, 4);
  const targets = matrix(3, 4);
  const losses = () =>
    tf.tidy(() => {
      const { direction, distance } = distillationLosses(
        tf.tensor2d(embeddings),
        tf.tensor2d(targets),
        tf.tensor1d([1, 0, 1]),
      );
      return { direction: direction.dataSync()[0]!, distance: distance.dataSync()[0]! };
    });

  it('is the mean of 1 - cosine over the rows with a target', () => {
    const expected =
      [0, 2].reduce((sum, row) => sum + 1 - dot(unit(embeddings[row]!), unit(targets[row]!)), 0) / 2;
    expect(losses().direction).toBeCloseTo(expected, 5);
  });

  it('measures the squared distance of the embedding over the root of its width', () => {
    const distance = (row: number) =>
      embeddings[row]!.reduce((sum, value, i) => sum + (value / 2 - targets[row]![i]!) ** 2, 0);
    expect(losses().distance).toBeCloseTo((distance(0) + distance(2)) / 2, 5);
  });

  it('widens by a frame that keeps every cosine', () => {
    const frame = orthonormalFrame(4, 9, () => rng.between(-1, 1));
    frame.forEach((a, i) => {
      frame.forEach((b, j) => {
        expect(dot([...a], [...b])).toBeCloseTo(i === j ? 1 : 0, 5);
      });
    });
  });
});

describe('norm spread', () => {
  const spread = (rows: number[][]) => tf.tidy(() => normSpread(tf.tensor2d(rows)).dataSync()[0]!);

  it('is the variance of the squared lengths over the square of their mean', () => {
    const rows = matrix(5, 4);
    const squares = rows.map((row) => dot(row, row));
    const mean = squares.reduce((a, b) => a + b) / 5;
    const variance = squares.reduce((sum, square) => sum + (square - mean) ** 2, 0) / 5;
    expect(spread(rows)).toBeCloseTo(variance / mean ** 2, 4);
  });

  it('is rows - 1 where one row holds everything', () => {
    expect(
      spread([
        [0, 0],
        [0, 0],
        [3, 4],
        [0, 0],
      ]),
    ).toBeCloseTo(3, 4);
  });
});
