import { planNetwork } from '@rounz/core/model/architecture.ts';
import { initialWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import type { Command } from 'commander';
import { BACKENDS, chooseBackend } from '../backend/ladder.ts';
import { useNativeBackend } from '../backend/native.ts';
import { Optimiser } from '../optim/optimiser.ts';
import { RECIPES } from '../recipes/recipes.ts';
import { NetworkState } from '../run/network-state.ts';
import { Objective } from '../run/objective.ts';
import type { Sample } from '../samples/samples.ts';
import { createRng } from '../util/rng.ts';

interface BenchOptions {
  backend?: string;
  activations?: string;
  batch: string;
  sizes: string[];
  steps: string;
}

/** Milliseconds of one step; processor time tells backends apart where other work takes the cores away. */
interface StepTime {
  readonly wall: number;
  readonly processor: number;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Classes of the margin loss: about as many as the shared sets have people with two pictures. */
const CLASSES = 3600;

/** Whole training steps of the `distil` recipe's ResNet-50 on random pictures: losses, optimiser and averages included. */
async function stepTimes(batch: number, size: number, steps: number): Promise<StepTime[]> {
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
        objective.losses(network.forward(images, 0, step, config.averages.statistics), samples, step).total,
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

export function registerBench(program: Command): void {
  program
    .command('bench')
    .description('images a second of whole training steps (median), by input size')
    .option('--backend <name>', `one of ${BACKENDS.join(', ')} (default: the fastest that works)`)
    .option(
      '--activations <type>',
      'native only: float32 or bfloat16 (default: what the processor does best)',
    )
    .option('--batch <n>', 'pictures a step', '128')
    .option('--sizes <pixels...>', 'input sides', ['64', '80', '96', '112'])
    .option('--steps <n>', 'steps at each size; the first is warm-up', '6')
    .action(async (options: BenchOptions) => {
      if (options.activations) {
        const described = await useNativeBackend(options.activations as 'float32' | 'bfloat16');
        console.log(`Backend: native (${JSON.stringify(described)}).`);
      } else await chooseBackend(options.backend);
      const batch = Number(options.batch);
      for (const size of options.sizes.map(Number)) {
        const times = (await stepTimes(batch, size, Number(options.steps))).slice(1);
        const wall = median(times.map((time) => time.wall));
        const processor = median(times.map((time) => time.processor));
        console.log(
          `${size}x${size}, batch ${batch}: ${((batch / wall) * 1000).toFixed(1)} images/s ` +
            `(${wall.toFixed(0)} ms a step, ${processor.toFixed(0)} ms of processor time over all cores)`,
        );
      }
    });
}
