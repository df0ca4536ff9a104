import { createRng } from '@rounz/core/math/random.ts';
import { MOBILENET, type NetworkPlan, planNetwork, WEIGHTED_HEAD } from '@rounz/core/model/architecture.ts';
import * as tf from '@tensorflow/tfjs';
import { Optimiser } from '../optim/optimiser.ts';
import type { TrainConfig } from '../recipes/schema.ts';
import type { Sample } from '../samples/samples.ts';
import type { Lesson } from '../teacher/consistent.ts';
import { networkSize } from '../util/network-size.ts';
import { inFirstStages } from './network-state.ts';
import { Objective } from './objective.ts';
import { networkOf, randomStart } from './trained-form.ts';

/** Milliseconds of one step; processor time tells backends apart where other work takes the cores away. */
export interface StepTime {
  readonly wall: number;
  readonly processor: number;
}

/** Classes of the margin loss: about as many as the shared sets have people with two pictures. */
const CLASSES = 3600;

/** Side of the square matrices whose product tells what a machine can do. */
const PEAK_SIDE = 2048;

/** Of the maps that the teachers show. */
const MAP_CHANNELS = { mobilefacenet: WEIGHTED_HEAD.neck, sface: MOBILENET.blocks.at(-1)!.outputs } as const;

/** What a teacher might say of a batch; random, for nobody learns from it. */
function randomLesson(plan: NetworkPlan, channels: number, batch: number, size: number): Lesson {
  const targets = tf.tidy(() => {
    const random = tf.randomNormal([batch, plan.embeddingSize], 0, 1, 'float32', 2) as tf.Tensor2D;
    return tf.div(random, tf.norm(random, 2, 1, true)) as tf.Tensor2D;
  });
  // The last map of both teachers has 7 x 7 places at 112 pixels.
  const side = Math.ceil(size / 16);
  return { targets, maps: tf.ones([batch, side, side, channels]) };
}

/** Whole training steps of a recipe's network on random pictures: losses, optimiser and averages included, no teacher. */
export async function stepTimes(
  config: TrainConfig,
  batch: number,
  size: number,
  steps: number,
): Promise<StepTime[]> {
  const plan = planNetwork(config.architecture);
  const rng = createRng(1);
  const start = randomStart(config, plan, () => rng.next());
  const network = networkOf(config, plan, start, start);
  const optimiser = new Optimiser(config.optimiser);
  const target = new Float32Array(plan.embeddingSize).fill(1 / Math.sqrt(plan.embeddingSize));
  const samples: Sample[] = Array.from({ length: batch }, (_, i) => ({
    set: 'random',
    index: i,
    person: null,
    label: i,
    path: `random/${i}`,
    target,
  }));
  const objective = new Objective(config, new Array(CLASSES).fill(undefined), samples);
  const covered = samples.map(() => false);
  const { consistent } = config.losses;
  const lesson = consistent && randomLesson(plan, MAP_CHANNELS[consistent.teacher], batch, size);
  const images = tf.randomUniform([batch, size, size, 3], -1, 1, 'float32', 1) as tf.Tensor4D;
  const variables = new Map([...network.trainable(), ...objective.variables()]);
  const times: StepTime[] = [];
  for (let step = 0; step < steps; step++) {
    const start = performance.now();
    const before = process.cpuUsage();
    const prepared = network.prepare(images);
    const { value, grads } = tf.variableGrads(() => {
      const forward = network.forward(prepared, 0, step, config.averages.statistics);
      return objective.losses({ ...forward, samples, imagesSeen: step, covered, lesson }).total;
    }, [...variables.values()]);
    await optimiser.step(variables, grads, () => config.optimiser.rate);
    network.follow(config.averages.weights, step);
    await value.data();
    tf.dispose([prepared, value, grads]);
    const { user, system } = process.cpuUsage(before);
    times.push({ wall: performance.now() - start, processor: (user + system) / 1000 });
  }
  tf.dispose([images, ...(lesson ? [lesson.targets, lesson.maps] : [])]);
  for (const part of [network, objective, optimiser]) part.dispose();
  return times;
}

/**
 * Multiply-adds of one picture in a training step: each layer forward, and backward by its input and by its weights. Frozen
 * first layers go forward alone.
 */
export function stepMultiplyAdds({ architecture, frozenStages }: TrainConfig, size: number): number {
  const frozen = frozenStages === undefined ? () => false : inFirstStages(frozenStages);
  const { byLayer } = networkSize(planNetwork(architecture), size);
  return byLayer.reduce(
    (sum, { layer, multiplyAdds }) => sum + (frozen(`${layer}.`) ? 1 : 3) * multiplyAdds,
    0,
  );
}

/** Multiply-adds in a second of processor time of one product of two large matrices on this backend, the best of `runs`. */
export async function matrixPeak(runs: number): Promise<number> {
  // As a convolution of 1x1, for which a backend may have a shorter number format than for a plain product.
  const map = tf.randomNormal([PEAK_SIDE / 64, 8, 8, PEAK_SIDE], 0, 1, 'float32', 1) as tf.Tensor4D;
  const kernel = tf.randomNormal([1, 1, PEAK_SIDE, PEAK_SIDE], 0, 1, 'float32', 2) as tf.Tensor4D;
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const before = process.cpuUsage();
    const product = tf.conv2d(map, kernel, 1, 'valid');
    await product.data();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1e6);
    product.dispose();
  }
  tf.dispose([map, kernel]);
  return PEAK_SIDE ** 3 / best;
}
