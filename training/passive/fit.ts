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
}

export const FIT: FitConfig = { epochs: 14, batch: 16, rate: 1.5e-3, seed: 5, gain: 0.2, offset: 16 };

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

/** Cut-outs of a batch, some mirrored, with another exposure each. */
function batchOf(chosen: readonly Example[], { gain, offset }: FitConfig, rng: Rng): Batch {
  const changes = chosen.map(() => ({
    mirrored: rng.chance(0.5),
    gain: 1 + rng.between(-gain, gain),
    offset: rng.between(-offset, offset),
  }));
  const tensor = (name: PassiveViewName): tf.Tensor4D => {
    const { size } = PASSIVE_VIEWS[name];
    const values = new Float32Array(chosen.length * size * size * 3);
    chosen.forEach(({ views }, index) => {
      const { mirrored, ...exposure } = changes[index]!;
      const from = views[name];
      let to = index * size * size * 3;
      for (let row = 0; row < size; row++)
        for (let column = 0; column < size; column++) {
          const at = (row * size + (mirrored ? size - 1 - column : column)) * 3;
          for (let channel = 0; channel < 3; channel++)
            values[to++] = from[at + channel]! * exposure.gain + exposure.offset;
        }
    });
    return tf.tensor4d(values, [chosen.length, size, size, 3]);
  };
  return { context: tensor('context'), detail: tensor('detail') };
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
