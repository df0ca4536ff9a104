import { createRng } from '@rounz/core/math/random.ts';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { arcFaceLoss } from './arcface.ts';
import { conditionPairLoss } from './condition-pair.ts';
import { contrastiveLoss } from './contrastive.ts';
import { cosFaceLoss } from './cosface.ts';
import { distillationLosses } from './distillation.ts';
import { galleryContrastLoss } from './gallery-contrast.ts';
import { normSpread } from './norm-spread.ts';
import { semiSiameseLoss } from './semi-siamese.ts';
import { softmaxLoss } from './softmax.ts';
import { tripletLoss } from './triplet.ts';

type Rows = number[][];

const rng = createRng(11);
const matrix = (rows: number, columns: number): Rows =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => rng.between(-1, 1)));
const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const unit = (row: number[]): number[] => row.map((value) => value / Math.hypot(...row));
const cosine = (a: number[], b: number[]): number => dot(unit(a), unit(b));
const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / Math.max(values.length, 1);
const logSumExp = (values: number[]): number => Math.log(values.reduce((sum, v) => sum + Math.exp(v), 0));

const EMBEDDINGS = matrix(6, 5);
const PEOPLE = ['a', 'b', 'a', null, 'b', 'c'];
const LABELS = [0, 1, 0, -1, 1, 3];
const CENTRES = matrix(4, 5);
const SUB_CENTRES = matrix(12, 5);
const BIAS = matrix(1, 4)[0]!;
const TARGETS = matrix(6, 5);
const PROTOTYPES = matrix(7, 5).map(unit);
const GALLERY_OPTIONS = { scale: 8, margin: 0.2, sameAbove: 0.4 };

/** Squared distance of the unit rows, or the cosine, for every ordered pair that `keep` wants. */
function pairs(rows: Rows, keep: 'same' | 'other'): { i: number; j: number; cos: number; square: number }[] {
  return PEOPLE.flatMap((a, i) =>
    PEOPLE.flatMap((b, j) => {
      if (i === j || a === null || b === null || (a === b) !== (keep === 'same')) return [];
      const cos = cosine(rows[i]!, rows[j]!);
      return [{ i, j, cos, square: 2 - 2 * cos }];
    }),
  );
}

const crossEntropyOf = (rows: Rows, logitsOf: (row: number[], label: number) => number[]): number =>
  mean(
    rows.flatMap((row, i) => {
      const label = LABELS[i]!;
      if (label < 0) return [];
      const logits = logitsOf(row, label);
      return [logSumExp(logits) - logits[label]!];
    }),
  );

interface Case {
  readonly name: string;
  readonly loss: (embeddings: tf.Tensor2D) => tf.Scalar;
  /** the same by loops over numbers, after the paper */
  readonly recomputed: (rows: Rows) => number;
}

const arc = { scale: 8, margin: 0.3 };
const QUEUE_OWN = [0, 3, 0, -1, 3, 6];
const QUEUE_SAME = [[0, 1], [3], [0, 1], [], [3], [6]];

const CASES: readonly Case[] = [
  {
    name: 'softmax',
    loss: (e) => softmaxLoss(e, tf.tensor2d(CENTRES), tf.tensor1d(BIAS), LABELS),
    recomputed: (rows) =>
      crossEntropyOf(rows, (row) => CENTRES.map((centre, c) => dot(row, centre) + BIAS[c]!)),
  },
  {
    name: 'CosFace',
    loss: (e) => cosFaceLoss(e, tf.tensor2d(CENTRES), LABELS, { scale: 10, margin: 0.35 }),
    recomputed: (rows) =>
      crossEntropyOf(rows, (row, label) =>
        CENTRES.map((centre, c) => 10 * (cosine(row, centre) - (c === label ? 0.35 : 0))),
      ),
  },
  {
    name: 'ArcFace',
    loss: (e) => arcFaceLoss(e, tf.tensor2d(CENTRES), LABELS, arc),
    recomputed: (rows) =>
      crossEntropyOf(rows, (row, label) =>
        CENTRES.map((centre, c) => {
          const angle = Math.acos(cosine(row, centre));
          return arc.scale * Math.cos(c === label ? angle + arc.margin : angle);
        }),
      ),
  },
  {
    name: 'ArcFace with three centres a class',
    loss: (e) => arcFaceLoss(e, tf.tensor2d(SUB_CENTRES), LABELS, { ...arc, subCentres: 3 }),
    recomputed: (rows) =>
      crossEntropyOf(rows, (row, label) =>
        [0, 1, 2, 3].map((c) => {
          const nearest = Math.max(...[0, 1, 2].map((k) => cosine(row, SUB_CENTRES[3 * c + k]!)));
          const angle = Math.acos(nearest);
          return arc.scale * Math.cos(c === label ? angle + arc.margin : angle);
        }),
      ),
  },
  {
    name: 'contrastive',
    loss: (e) => contrastiveLoss(e, PEOPLE, 1.2),
    recomputed: (rows) =>
      mean(pairs(rows, 'same').map(({ square }) => square)) +
      mean(pairs(rows, 'other').map(({ square }) => Math.max(0, 1.2 - Math.sqrt(square + 1e-8)) ** 2)),
  },
  {
    name: 'triplet',
    loss: (e) => tripletLoss(e, PEOPLE, 0.4),
    recomputed: (rows) =>
      mean(
        rows.flatMap((_, i) => {
          const [near, far] = (['other', 'same'] as const).map((keep) =>
            pairs(rows, keep)
              .filter((pair) => pair.i === i)
              .map(({ square }) => square),
          );
          if (near!.length === 0 || far!.length === 0) return [];
          return [Math.max(0, 0.4 + Math.max(...far!) - Math.min(...near!))];
        }),
      ),
  },
  {
    name: 'pairs across conditions',
    loss: (e) => conditionPairLoss(e, PEOPLE, 6),
    recomputed: (rows) =>
      mean(
        pairs(rows, 'same').map(({ i, cos }) => {
          const others = pairs(rows, 'other').filter((pair) => pair.i === i);
          return Math.log(1 + others.reduce((sum, other) => sum + Math.exp(6 * (other.cos - cos)), 0));
        }),
      ),
  },
  {
    name: 'search in a gallery',
    loss: (e) =>
      galleryContrastLoss(
        e,
        tf.tensor2d(TARGETS.map(unit)),
        tf.tensor2d(PROTOTYPES),
        QUEUE_OWN,
        GALLERY_OPTIONS,
      ),
    recomputed: (rows) =>
      mean(
        rows.map((row, i) => {
          const { scale, margin, sameAbove } = GALLERY_OPTIONS;
          const mated = scale * (cosine(row, TARGETS[i]!) - margin);
          const strangers = PROTOTYPES.flatMap((other, q) =>
            q === QUEUE_OWN[i] || cosine(other, TARGETS[i]!) > sameAbove ? [] : [scale * cosine(row, other)],
          );
          return logSumExp([mated, ...strangers]) - mated;
        }),
      ),
  },
  {
    name: 'semi-siamese',
    loss: (e) =>
      semiSiameseLoss(e, tf.tensor2d(PROTOTYPES), QUEUE_OWN, QUEUE_SAME, { scale: 8, margin: 0.2 }),
    recomputed: (rows) =>
      mean(
        rows.flatMap((row, i) => {
          const own = QUEUE_OWN[i]!;
          if (own < 0) return [];
          const logits = PROTOTYPES.flatMap((prototype, q) =>
            q !== own && QUEUE_SAME[i]!.includes(q)
              ? []
              : [8 * (cosine(row, prototype) - (q === own ? 0.2 : 0))],
          );
          return [logSumExp(logits) - 8 * (cosine(row, PROTOTYPES[own]!) - 0.2)];
        }),
      ),
  },
  {
    name: 'distillation, direction',
    loss: (e) => distillationLosses(e, tf.tensor2d(TARGETS), tf.tensor1d([1, 1, 0, 1, 1, 1])).direction,
    recomputed: (rows) => mean([0, 1, 3, 4, 5].map((i) => 1 - cosine(rows[i]!, TARGETS[i]!))),
  },
  {
    name: 'distillation, distance',
    loss: (e) => distillationLosses(e, tf.tensor2d(TARGETS), tf.tensor1d([1, 1, 0, 1, 1, 1])).distance,
    recomputed: (rows) =>
      mean(
        [0, 1, 3, 4, 5].map((i) =>
          rows[i]!.reduce((sum, value, k) => sum + (value / Math.sqrt(5) - TARGETS[i]![k]!) ** 2, 0),
        ),
      ),
  },
  {
    name: 'norm spread',
    loss: (e) => normSpread(e),
    recomputed: (rows) => {
      const squares = rows.map((row) => dot(row, row));
      return mean(squares.map((square) => (square / mean(squares) - 1) ** 2));
    },
  },
];

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe.each(CASES)('$name', ({ loss, recomputed }) => {
  it('equals its recomputation by loops', () => {
    const value = tf.tidy(() => loss(tf.tensor2d(EMBEDDINGS)).dataSync()[0]!);
    expect(value).toBeCloseTo(recomputed(EMBEDDINGS), 4);
    expect(Number.isFinite(value) && value > 0).toBe(true);
  });

  it('has the gradient of finite differences', () => {
    const gradient = tf.tidy(
      () =>
        tf
          .grad((e) => loss(e as tf.Tensor2D))(tf.tensor2d(EMBEDDINGS))
          .arraySync() as Rows,
    );
    const step = 1e-5;
    const moved = (i: number, k: number, by: number): Rows =>
      EMBEDDINGS.map((row, r) => (r === i ? row.map((value, c) => (c === k ? value + by : value)) : row));
    gradient.forEach((row, i) => {
      row.forEach((value, k) => {
        const slope = (recomputed(moved(i, k, step)) - recomputed(moved(i, k, -step))) / (2 * step);
        expect(value).toBeCloseTo(slope, 3);
      });
    });
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      loss(tf.tensor2d(EMBEDDINGS)).dataSync();
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('a pair loss adds nothing if a batch holds no pair', () => {
  const alone = ['a', 'b', null, 'c', 'd', 'e'];
  const value = (loss: tf.Scalar) => loss.dataSync()[0]!;
  expect(tf.tidy(() => value(tripletLoss(tf.tensor2d(EMBEDDINGS), alone, 0.4)))).toBe(0);
  expect(tf.tidy(() => value(conditionPairLoss(tf.tensor2d(EMBEDDINGS), alone, 6)))).toBe(0);
});
