import type { Command } from 'commander';
import { augmentTimes, facesOf, noiseFace } from '../augment/pipeline/speed.ts';
import { wholeNumber } from '../util/options.ts';

interface BenchAugmentOptions {
  cache?: string;
  set?: string;
  pictures: number;
}

/** `bench-augment`: what augmenting costs. */
export function registerBenchAugment(program: Command): void {
  program
    .command('bench-augment')
    .description('milliseconds that augmenting a picture takes, by preset, size and outfit')
    .option('--cache <dir>', 'with --set: aligned faces; without them, noise and a mean mesh')
    .option('--set <name>', 'with --cache: which set')
    .option('--pictures <n>', 'pictures of each preset', wholeNumber({ from: 1, to: 1_000_000 }), 1000)
    .action(benchAugment);
}

function benchAugment({ cache, set, pictures }: BenchAugmentOptions): void {
  if ((cache === undefined) !== (set === undefined)) throw new Error('--cache DIR goes with --set NAME.');
  const faces = cache === undefined || set === undefined ? [noiseFace()] : facesOf(cache, set);
  process.stdout.write('what                     size  wall   cpu  (ms a picture)\n');
  for (const { what, size, wall, processor } of augmentTimes(faces, pictures))
    process.stdout.write(
      `${what.padEnd(24)} ${String(size).padStart(4)} ${wall.toFixed(3)} ${processor.toFixed(3)}\n`,
    );
}
