import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type ChallengeTask, readChallengePairs } from '../data/challenge-files.ts';
import { readListText } from '../data/text-list.ts';
import { medianThreshold, thresholdOf } from '../evaluation/challenge.ts';
import {
  capturePart,
  challengeFolder,
  scoreOf,
  scorePairs,
  taskOption,
} from '../evaluation/challenge-job.ts';
import { collectCaptures } from '../evaluation/collect.ts';
import { loadModelSystem, type System } from '../evaluation/model-recogniser.ts';
import { formatPredictions, parseOpenPairs, picturesOf } from '../evaluation/predictions.ts';
import { decimal } from '../util/options.ts';

interface PredictOptions {
  task: ChallengeTask;
  data: string;
  model: string[];
  pairs?: string;
  out: string;
  threshold?: number;
  median?: boolean;
  detect?: boolean;
}

/** `predict`: the challenge's answer file. */
export function registerPredict(program: Command): void {
  program
    .command('predict')
    .description('write the challenge’s prediction.txt: image1 image2 label, 0 for one person')
    .addOption(taskOption().makeOptionMandatory())
    .requiredOption('--data <dir>', 'the challenge’s files: validate/, test/')
    .requiredOption(
      '--model <dirs...>',
      'exported model folder; several are an ensemble, the mean of their scores',
    )
    .option('--pairs <file>', 'pairs without labels, instead of those of test/test_label.csv')
    .option('--out <file>', 'where the answers go', 'prediction.txt')
    .option(
      '--threshold <score>',
      'accept from this score on (default: the best one for the validation pairs)',
      decimal(),
    )
    .option('--median', 'accept at the pairs’ own median score, the 2020 baseline’s rule')
    .option('--detect', 'look for the face first; the challenge’s crops are aligned already')
    .action(predict);
}

async function predict(options: PredictOptions): Promise<void> {
  const { task } = options;
  const folder = challengeFolder(options.data, task);
  const system = await loadModelSystem(options.model, { cropped: options.detect !== true });
  try {
    const pairs = options.pairs
      ? parseOpenPairs(readListText(options.pairs))
      : readChallengePairs(folder, 'test').pairs;
    const names = [...new Set(pairs.flatMap(({ first, second }) => [first, second]))];
    const captures = await collectCaptures(
      system.recogniser,
      picturesOf(join(folder, 'test'), names),
      names.length,
    );
    const score = scoreOf(system, system.views[0], captures);
    const scores = pairs.map(({ first, second }) => score(first, second));
    const { threshold, rule } = await chooseThreshold(options, system, folder, scores);
    writeFileSync(options.out, formatPredictions(pairs, scores, threshold));
    const same = scores.filter((value) => value >= threshold).length;
    process.stdout.write(
      `Wrote ${options.out}: ${pairs.length} pairs, ${same} of one person, from score ${threshold.toFixed(4)} on (${rule}).\n`,
    );
  } finally {
    system.recogniser.dispose();
  }
}

async function chooseThreshold(
  { task, threshold, median }: PredictOptions,
  system: System,
  folder: string,
  scores: readonly number[],
): Promise<{ threshold: number; rule: string }> {
  if (threshold !== undefined && median) throw new Error('Give --threshold or --median, not both.');
  if (threshold !== undefined) return { threshold, rule: 'as given' };
  if (median) return { threshold: medianThreshold(scores), rule: 'the pairs’ median' };
  const { pairs } = readChallengePairs(folder, 'validate');
  const captures = await capturePart(system, folder, 'validate');
  const best = thresholdOf(scorePairs(system, system.views[0], captures, pairs, task));
  return { threshold: best.threshold, rule: `best on validation, F1 ${best.f1.toFixed(4)} there` };
}
