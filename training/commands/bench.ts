import { planNetwork } from '@rounz/core/model/architecture.ts';
import { type Command, Option } from 'commander';
import { BACKENDS, chooseBackend } from '../backend/ladder.ts';
import { useNativeBackend } from '../backend/native.ts';
import { RECIPES } from '../recipes/recipes.ts';
import type { TrainConfig } from '../recipes/schema.ts';
import { matrixPeak, stepMultiplyAdds, stepTimes } from '../run/step-times.ts';
import { wholeNumber, wholeNumbers } from '../util/options.ts';

interface BenchOptions {
  recipe: string;
  frozenStages?: number;
  backend?: string;
  activations?: 'float32' | 'bfloat16';
  batch: number;
  sizes?: number[];
  steps: number;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Products of which the quickest is this machine's peak. */
const PEAK_RUNS = 8;

/** `bench`: how fast this machine trains. */
export function registerBench(program: Command): void {
  program
    .command('bench')
    .description(
      'images a second of whole training steps (median), by input size, and what share of the machine’s matrix peak that is',
    )
    .addOption(
      new Option('--recipe <name>', 'whose network and losses')
        .choices(Object.keys(RECIPES))
        .default('distil'),
    )
    .option(
      '--frozen-stages <n>',
      'as the recipe’s `frozenStages`: the stem and so many stages keep their weights',
      wholeNumber({ from: 0, to: 3 }),
    )
    .addOption(
      new Option('--backend <name>', 'one backend alone (default: the fastest that works)').choices(BACKENDS),
    )
    .addOption(
      new Option('--activations <type>', 'native only (default: what the processor does best)').choices([
        'float32',
        'bfloat16',
      ]),
    )
    .option('--batch <n>', 'pictures a step', wholeNumber({ from: 1, to: 4096 }), 128)
    .option(
      '--sizes <pixels...>',
      'input sides (default: 64 80 96 112; 112 alone for networks that take no other)',
      wholeNumbers({ from: 32, to: 112 }),
    )
    .option('--steps <n>', 'steps at each size; the first is warm-up', wholeNumber({ from: 2 }), 6)
    .action(async (options: BenchOptions) => {
      if (options.activations) {
        const described = await useNativeBackend(options.activations);
        console.log(`Backend: native (${JSON.stringify(described)}).`);
      } else await chooseBackend(options.backend);
      const { batch, steps, frozenStages } = options;
      const config: TrainConfig = {
        ...RECIPES[options.recipe]!,
        ...(frozenStages === undefined ? {} : { frozenStages }),
      };
      const anySize = planNetwork(config.architecture).head.kind !== 'weighted';
      const { sizes = anySize ? [64, 80, 96, 112] : [112] } = options;
      const peak = await matrixPeak(PEAK_RUNS);
      console.log(
        `One product of two large matrices: ${(peak / 1e9).toFixed(0)} G multiply-adds in a second of processor time.`,
      );
      for (const size of sizes) {
        const times = (await stepTimes(config, batch, size, steps)).slice(1);
        const wall = median(times.map((time) => time.wall));
        const processor = median(times.map((time) => time.processor));
        const used = (stepMultiplyAdds(config, size) * batch) / (processor / 1000);
        console.log(
          `${size}x${size}, batch ${batch}: ${((batch / wall) * 1000).toFixed(1)} images/s ` +
            `(${wall.toFixed(0)} ms a step, ${processor.toFixed(0)} ms of processor time over all cores; ` +
            `${((used / peak) * 100).toFixed(0)} % of the matrix peak)`,
        );
      }
    });
}
