import { type Command, Option } from 'commander';
import { BACKENDS, chooseBackend } from '../backend/ladder.ts';
import { useNativeBackend } from '../backend/native.ts';
import { stepTimes } from '../run/step-times.ts';
import { wholeNumber, wholeNumbers } from '../util/options.ts';

interface BenchOptions {
  backend?: string;
  activations?: 'float32' | 'bfloat16';
  batch: number;
  sizes: number[];
  steps: number;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** `bench`: how fast this machine trains. */
export function registerBench(program: Command): void {
  program
    .command('bench')
    .description('images a second of whole training steps (median), by input size')
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
    .option('--sizes <pixels...>', 'input sides', wholeNumbers({ from: 32, to: 112 }), [64, 80, 96, 112])
    .option('--steps <n>', 'steps at each size; the first is warm-up', wholeNumber({ from: 2 }), 6)
    .action(async (options: BenchOptions) => {
      if (options.activations) {
        const described = await useNativeBackend(options.activations);
        console.log(`Backend: native (${JSON.stringify(described)}).`);
      } else await chooseBackend(options.backend);
      const { batch, sizes, steps } = options;
      for (const size of sizes) {
        const times = (await stepTimes(batch, size, steps)).slice(1);
        const wall = median(times.map((time) => time.wall));
        const processor = median(times.map((time) => time.processor));
        console.log(
          `${size}x${size}, batch ${batch}: ${((batch / wall) * 1000).toFixed(1)} images/s ` +
            `(${wall.toFixed(0)} ms a step, ${processor.toFixed(0)} ms of processor time over all cores)`,
        );
      }
    });
}
