import { join } from 'node:path';
import type { Command } from 'commander';
import { writeFixtures } from './output/fixtures.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Registers `synth` and its subcommands: the pictures of rendered people that tests and demonstration use. */
export function registerSynth(program: Command): void {
  const synth = program
    .command('synth')
    .description('draw rendered people: fixtures, demonstration, camera clips');
  synth
    .command('fixtures')
    .description('write the pictures that the tests use')
    .option('--out <folder>', 'where to', join(ROOT, 'test/fixtures'))
    .action(async ({ out }: { out: string }) => {
      await writeFixtures(out, report('fixtures'));
    });
}

function report(what: string) {
  return (done: number, total: number): void => {
    process.stderr.write(`\r${what} ${done}/${total}${done === total ? '\n' : ''}`);
  };
}
