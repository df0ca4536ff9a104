import { createRng } from '@rounz/core/math/random.ts';
import { planNetwork } from '@rounz/core/model/architecture.ts';
import { initialWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { Optimiser } from '../optim/optimiser.ts';
import { RECIPES } from '../recipes/recipes.ts';
import type { Sample } from '../samples/samples.ts';
import { NetworkState } from './network-state.ts';
import { Objective } from './objective.ts';

/** Milliseconds of one step; processor time tells backends apart where other work takes the cores away. */
export interface StepTime {
  readonly wall: number;
  readonly processor: number;
}

/** Classes of the margin loss: about as many as the shared sets have people with two pictures. */
const CLASSES = 3600;

/** Whole training steps of the `distil` recipe's ResNet-50 on random pictures: losses, optimiser and averages included. */
export async function stepTimes(batch: number, size: number, steps: number): Promise<StepTime[]> {
  const config = RECIPES['distil']!;
  const plan = planNetwork(config.architecture);
  const rng = createRng(1);
  const network = new NetworkState(
    plan,
    initialWeights(plan, () => rng.next()),
  );
  const objective = new Objective(config, new Array(CLASSES).fill(undefined));
  const optimiser = new Optimiser(config.optimiser);
  const target = new Float32Array(plan.embeddingSize).fill(1 / Math.sqrt(plan.embeddingSize));
  const samples: Sample[] = Array.from({ length: batch }, (_, i) => ({
    set: 'random',
    index: i,
    person: null,
    label: i,
    path: '',
    target,
  }));
  const images = tf.randomUniform([batch, size, size, 3], -1, 1, 'float32', 1) as tf.Tensor4D;
  const variables = new Map([...network.trainable(), ...objective.variables()]);
  const times: StepTime[] = [];
  for (let step = 0; step < steps; step++) {
    const start = performance.now();
    const before = process.cpuUsage();
    const { value, grads } = tf.variableGrads(
      () =>
        objective.losses({
          ...network.forward(images, 0, step, config.averages.statistics),
          samples,
          imagesSeen: step,
        }).total,
      [...variables.values()],
    );
    await optimiser.step(variables, grads, () => config.optimiser.rate);
    network.follow(config.averages.weights, step);
    await value.data();
    tf.dispose([value, grads]);
    const { user, system } = process.cpuUsage(before);
    times.push({ wall: performance.now() - start, processor: (user + system) / 1000 });
  }
  images.dispose();
  for (const part of [network, objective, optimiser]) part.dispose();
  return times;
}
