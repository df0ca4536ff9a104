import { PASSIVE_VIEWS, type PassiveViewName } from '@rounz/core/liveness/passive/config.ts';
import { passiveScores, passiveShapes } from '@rounz/core/liveness/passive/network.ts';
import type { PassiveViews } from '@rounz/core/liveness/passive/views.ts';
import { createRng, normalFrom, type Rng, shuffle } from '@rounz/core/math/random.ts';
import { type HostWeights, toHost } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { Optimiser } from '../optim/optimiser.ts';
import { addBias } from './bias.ts';

/** One pair of cut-outs to learn from. */
export interface Example {
  readonly views: PassiveViews;
  readonly attack: boolean;
}

export interface FitConfig {
  readonly epochs: number;
  readonly batch: number;
  /** of the first step; falls to 0 by half a cosine */
  readonly rate: number;
  readonly seed: number;
  /** pixels are multiplied by a factor and raised by a value, each drawn for each example: half ranges */
  readonly gain: number;
  readonly offset: number;
  /** the factor of each colour differs from it by this at most */
  readonly tint: number;
  /** cut-outs are moved by this share of their side at most, each way */
  readonly shift: number;
  /** share of the examples of which a rectangle is hidden in each cut-out: no single cue may be relied upon */
  readonly hidden: number;
  /** shares of a side: least and most of the rectangle's sides, and how far it may reach beyond the cut-out */
  readonly hiddenSides: readonly [least: number, most: number];
  readonly hiddenBeyond: number;
}

export const FIT: FitConfig = {
  epochs: 16,
  batch: 16,
  rate: 1.5e-3,
  seed: 5,
  gain: 0.2,
  offset: 16,
  tint: 0.08,
  shift: 0.06,
  hidden: 0.3,
  hiddenSides: [0.2, 0.6],
  hiddenBeyond: 0.1,
};

/** As Kingma and Ba 2015 give them. */
const ADAM = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, clipNorm: 5 } as const;

type Batch = Readonly<Record<PassiveViewName, tf.Tensor4D>>;

/** Kernels as He et al. 2015 draw them, biases 0. */
function freshWeights(seed: number): Map<string, tf.Variable> {
  const rng = createRng(seed);
  return new Map(
    [...passiveShapes()].map(([name, shape]) => {
      const size = shape.reduce((product, side) => product * side, 1);
      const spread = Math.sqrt((2 * shape.at(-1)!) / size);
      const values = Float32Array.from({ length: size }, () =>
        shape.length === 1 ? 0 : spread * normalFrom(rng.next),
      );
      return [name, tf.tidy(() => tf.variable(tf.tensor(values, [...shape])))];
    }),
  );
}

/**
 * Fits the network: logistic loss, in which all attacks together count as much as all visits.
 *
 * @param onEpoch told the mean loss of each pass over the examples
 */
export async function fitPassive(
  examples: readonly Example[],
  config: FitConfig,
  onEpoch: (epoch: number, loss: number) => void,
): Promise<HostWeights> {
  const variables = freshWeights(config.seed);
  const optimiser = new Optimiser({ ...ADAM, rate: config.rate });
  const rng = createRng(config.seed + 1);
  const attacks = examples.filter(({ attack }) => attack).length;
  const worth = { attack: 0.5 / attacks, visit: 0.5 / (examples.length - attacks) };
  const steps = Math.floor(examples.length / config.batch);
  for (let epoch = 0; epoch < config.epochs; epoch++) {
    const order = shuffle(rng, [...examples]);
    let sum = 0;
    for (let step = 0; step < steps; step++) {
      const chosen = order.slice(step * config.batch, (step + 1) * config.batch);
      const share = (epoch + step / steps) / config.epochs;
      const rate = config.rate * 0.5 * (1 + Math.cos(Math.PI * share));
      const weight = chosen.map(({ attack }) => (attack ? worth.attack : worth.visit) * examples.length);
      sum += await stepOn(variables, optimiser, rate, chosen, weight, batchOf(chosen, config, rng));
    }
    onEpoch(epoch, sum / steps);
  }
  const weights = await toHost(variables);
  for (const variable of variables.values()) variable.dispose();
  optimiser.dispose();
  return weights;
}

async function stepOn(
  variables: ReadonlyMap<string, tf.Variable>,
  optimiser: Optimiser,
  rate: number,
  chosen: readonly Example[],
  weight: readonly number[],
  views: Batch,
): Promise<number> {
  const labels = tf.tensor1d(chosen.map(({ attack }) => Number(attack)));
  const weights = tf.tensor1d([...weight]);
  const { grads, value } = tf.variableGrads(() => {
    const logits = passiveScores(Object.fromEntries(variables), views, addBias);
    // log(1 + e^z) - y z, kept finite: max(z, 0) + log(1 + e^-|z|)
    const loss = tf.sub(
      tf.add(tf.relu(logits), tf.log1p(tf.exp(tf.neg(tf.abs(logits))))),
      tf.mul(labels, logits),
    );
    return tf.mean(tf.mul(loss, weights)) as tf.Scalar;
  }, [...variables.values()]);
  await optimiser.step(variables, grads, () => rate);
  const loss = (await value.data())[0]!;
  tf.dispose([value, labels, weights, ...Object.values(grads), ...Object.values(views)]);
  return loss;
}

/** How one example is changed. */
interface Change {
  readonly mirrored: boolean;
  readonly gains: readonly number[];
  readonly offset: number;
  /** shares of a side */
  readonly shift: readonly [x: number, y: number];
  readonly hidden: Hidden | undefined;
}

/** A rectangle in shares of a side, and the grey that hides it. */
interface Hidden {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly grey: number;
}

function drawHidden({ hiddenSides, hiddenBeyond }: FitConfig, rng: Rng): Hidden {
  const [width, height] = [rng.between(...hiddenSides), rng.between(...hiddenSides)];
  const place = (side: number) => rng.between(-hiddenBeyond, 1 + hiddenBeyond - side);
  const [left, top] = [place(width), place(height)];
  return { left, top, right: left + width, bottom: top + height, grey: rng.between(0, 255) };
}

function drawChange(config: FitConfig, rng: Rng): Change {
  const { gain, offset, tint, shift, hidden } = config;
  const light = 1 + rng.between(-gain, gain);
  return {
    mirrored: rng.chance(0.5),
    gains: [0, 1, 2].map(() => light + rng.between(-tint, tint)),
    offset: rng.between(-offset, offset),
    shift: [rng.between(-shift, shift), rng.between(-shift, shift)],
    hidden: rng.chance(hidden) ? drawHidden(config, rng) : undefined,
  };
}

/** Cut-outs of a batch, each changed in its own way. */
function batchOf(chosen: readonly Example[], config: FitConfig, rng: Rng): Batch {
  const changes = chosen.map(() => drawChange(config, rng));
  const tensor = (name: PassiveViewName): tf.Tensor4D => {
    const { size } = PASSIVE_VIEWS[name];
    const values = new Float32Array(chosen.length * size * size * 3);
    chosen.forEach(({ views }, index) => {
      const from = index * size * size * 3;
      drawChanged(values.subarray(from, from + size * size * 3), views[name], size, changes[index]!);
    });
    return tf.tensor4d(values, [chosen.length, size, size, 3]);
  };
  return { context: tensor('context'), detail: tensor('detail') };
}

/** Writes a changed cut-out. Its edge is drawn out where it was moved away from. */
function drawChanged(to: Float32Array, from: Uint8ClampedArray, size: number, change: Change): void {
  const { mirrored, gains, offset, shift, hidden } = change;
  const [dx, dy] = shift.map((part) => Math.round(part * size)) as [number, number];
  const inside = (place: number) => Math.min(size - 1, Math.max(0, place));
  let at = 0;
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const [x, y] = [column / size, row / size];
      const covered = hidden && x > hidden.left && x < hidden.right && y > hidden.top && y < hidden.bottom;
      const source = (inside(row + dy) * size + inside((mirrored ? size - 1 - column : column) + dx)) * 3;
      for (let channel = 0; channel < 3; channel++)
        to[at++] = covered ? hidden.grey : from[source + channel]! * gains[channel]! + offset;
    }
}

/** Cut-outs that are scored in one pass. */
const SCORED_TOGETHER = 64;

/** The scores of some cut-outs. */
export async function scoresOf(weights: HostWeights, views: readonly PassiveViews[]): Promise<Float32Array> {
  const loaded = Object.fromEntries(
    [...weights].map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
  );
  const scores = new Float32Array(views.length);
  for (let from = 0; from < views.length; from += SCORED_TOGETHER) {
    const some = views.slice(from, from + SCORED_TOGETHER);
    const result = tf.tidy(() => {
      const tensor = (name: PassiveViewName): tf.Tensor4D => {
        const { size } = PASSIVE_VIEWS[name];
        const pictures = some.map((one) => tf.tensor3d(new Float32Array(one[name]), [size, size, 3]));
        return tf.stack(pictures) as tf.Tensor4D;
      };
      return passiveScores(loaded, { context: tensor('context'), detail: tensor('detail') });
    });
    scores.set(await result.data(), from);
    result.dispose();
  }
  tf.dispose(loaded);
  return scores;
}
