import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { formatChallenge } from '../evaluation/challenge-evaluation.ts';
import { comparisonPage, formatComparison, mergeChallenges } from '../watch/comparison.ts';
import { readEvaluationFile } from '../watch/evaluation-files.ts';
import { readRun } from '../watch/run-log.ts';

/** `compare`: runs and evaluations side by side. */
export function registerCompare(program: Command): void {
  program
    .command('compare')
    .description(
      'put runs, and what was measured, side by side: a table here, curves over each other in a page',
    )
    .argument('[runs...]', 'folders of runs')
    .option('--evaluation <files...>', 'files of `evaluate --json`')
    .option('--out <file.html>', 'also write a page')
    .action((folders: string[], { evaluation = [], out }: { evaluation?: string[]; out?: string }) => {
      if (folders.length === 0 && evaluation.length === 0)
        throw new Error('Say what to compare: folders of runs, --evaluation FILE..., or both.');
      const runs = folders.map(readRun);
      const files = evaluation.map(readEvaluationFile);
      const evaluations = files.flatMap(({ measured }) => measured);
      const challenges = mergeChallenges(files.flatMap(({ challenge }) => challenge));
      process.stdout.write(formatComparison(runs, evaluations));
      for (const one of challenges) process.stdout.write(`\n${formatChallenge(one)}`);
      if (out) {
        writeFileSync(out, comparisonPage(runs, evaluations, challenges));
        process.stdout.write(`Wrote ${out}.\n`);
      }
    });
}
