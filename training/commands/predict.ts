import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { challengeLabel } from '@rounz/core/metrics/f1.ts';
import type { Command } from 'commander';
import { type ChallengeTask, readChallengePairs } from '../data/challenge-files.ts';
import { isPictureName } from '../data/formats.ts';
import { visible } from '../data/names.ts';
import type { SetFile } from '../data/set-file.ts';
import { linesOf, readListText } from '../data/text-list.ts';
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

/** Two pictures that nobody has labelled. */
export interface OpenPair {
  readonly first: string;
  readonly second: string;
}

/**
 * Reads pairs from lines of two names with commas or blanks between them; a third column is not looked at, and neither is
 * a header that begins with `image1`.
 *
 * @throws Error that names the line without two names
 */
export function parseOpenPairs(text: string): OpenPair[] {
  return linesOf(text).flatMap(({ number, text: line }, row) => {
    if (row === 0 && line.trim().startsWith('image1')) return [];
    const [first, second] = line.trim().split(/[\s,]+/);
    if (!first || !second)
      throw new Error(`Line ${number} of the pairs does not name two pictures: ${visible(line)}`);
    return [{ first, second }];
  });
}

/** Lines of `prediction.txt`: `image1 image2 label`, 0 for one person. */
export const formatPredictions = (
  pairs: readonly OpenPair[],
  scores: readonly number[],
  threshold: number,
): string =>
  pairs
    .map(({ first, second }, row) => {
      const score = scores[row]!;
      // A face that was not found is accepted as nobody, whatever the threshold.
      const label = score === Number.NEGATIVE_INFINITY ? 1 : challengeLabel(score, threshold);
      return `${first} ${second} ${label}\n`;
    })
    .join('');

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

/** A name may come without its extension, and with a folder before it. */
async function* picturesOf(folder: string, names: readonly string[]): AsyncGenerator<SetFile> {
  for (const path of names) {
    const file = join(folder, isPictureName(path) ? basename(path) : `${basename(path)}.jpg`);
    yield { path, bytes: await readFile(file).catch(() => Buffer.alloc(0)) };
  }
}
