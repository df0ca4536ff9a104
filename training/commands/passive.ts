import { join } from 'node:path';
import { VIDEO_DETECTOR } from '@rounz/core/face/detector.ts';
import { type Command, Option } from 'commander';
import { type CaseCounts, casesOf } from '../attacks/cases.ts';
import { readPortraits } from '../attacks/portraits.ts';
import { chooseBackend } from '../backend/ladder.ts';
import { loadNodeDetector, useWasmBackend } from '../data/detector-models.ts';
import { judgeApproach } from '../passive/approach.ts';
import { ATTACK_KINDS, type Half } from '../passive/config.ts';
import { readPassiveFolder, readPassiveModel, writePassiveFolder } from '../passive/export.ts';
import { createFinder } from '../passive/find.ts';
import { FIT } from '../passive/fit.ts';
import { type Counted, countWrong } from '../passive/rates.ts';
import { composeSet, readShotSet } from '../passive/set.ts';
import { timePassive } from '../passive/speed.ts';
import { fitAndScore, scoreAll } from '../passive/study.ts';
import { goldenShots, LEFT_OUT_HEAD, leftOutRow, rateTable, rowsTable } from '../passive/table.ts';
import { wholeNumber } from '../util/options.ts';
import { startProgress } from '../util/progress.ts';

const CACHE = join(import.meta.dirname, '../../.cache/passive');
const HALVES: readonly Half[] = ['train', 'test'];

/** Registers `passive`: the passive check's data, training and figures. */
export function registerPassive(program: Command): void {
  const passive = program.command('passive').description('the network of the passive check at each greeting');
  passive
    .command('compose')
    .description('draw visits and attacks of both halves and keep the cut-outs around their faces')
    .option('--cache <folder>', 'where they are kept; a run goes on where it stopped', CACHE)
    .option('--train <n>', 'frames', wholeNumber({ from: 0 }), 3_000)
    .option('--test <n>', 'frames', wholeNumber({ from: 0 }), 1_000)
    .action(compose);
  passive
    .command('train')
    .description('fit the network on what was composed, print its figures on the test half, write the folder')
    .option('--cache <folder>', 'what `passive compose` wrote', CACHE)
    .option('--out <folder>', 'where the kiosk’s files go; nothing is written where it is not given')
    .option('--release <version>', 'of the folder', '1.0.0')
    .option('--epochs <n>', 'passes over the frames', wholeNumber({ from: 1 }), FIT.epochs)
    .action(train);
  passive
    .command('left-out')
    .description(
      'fit once without each kind of attack and print how many of that kind are taken for a person',
    )
    .option('--cache <folder>', 'what `passive compose` wrote', CACHE)
    .option('--epochs <n>', 'passes over the frames', wholeNumber({ from: 1 }), FIT.epochs)
    .addOption(new Option('--kinds <kind...>', 'some of them').choices(ATTACK_KINDS).default(ATTACK_KINDS))
    .action(leaveOut);
  passive
    .command('figures')
    .description('print the figures of a folder on the test half')
    .option('--cache <folder>', 'what `passive compose` wrote', CACHE)
    .requiredOption('--model <folder>', 'of the passive check')
    .action(figures);
  passive
    .command('approaches')
    .description(
      'play the attacks and visits of `attacks` while they walk up, and print how they were judged',
    )
    .requiredOption('--model <folder>', 'of the passive check')
    .option('--data <folder>', 'portraits for the stills, in place of rendered people')
    .option('--visits <n>', 'how many', wholeNumber({ from: 0 }), 50)
    .option('--stills <n>', 'how many', wholeNumber({ from: 0 }), 100)
    .option('--videos <n>', 'how many', wholeNumber({ from: 0 }), 40)
    .action(approaches);
  passive
    .command('speed')
    .description('time a look on WASM beside the detector')
    .requiredOption('--model <folder>', 'of the passive check')
    .action(speed);
}

async function figures({ cache, model }: { readonly cache: string; readonly model: string }): Promise<void> {
  await chooseBackend(undefined, { activations: 'float32' });
  const { weights, threshold } = readPassiveFolder(model);
  console.log(rateTable({ threshold, scored: await scoreAll(weights, readShotSet(cache, 'test')) }));
}

async function approaches({
  model,
  data,
  ...counts
}: { readonly model: string; readonly data?: string } & CaseCounts): Promise<void> {
  const portraits = data === undefined ? undefined : await readPortraits(data);
  await useWasmBackend();
  const detector = await loadNodeDetector(VIDEO_DETECTOR);
  const network = readPassiveModel(model);
  const cases = casesOf('test', counts);
  const bar = startProgress({ title: 'approaches', total: cases.length, unit: 'cases' });
  const judged: Counted[] = [];
  for (const one of cases) {
    judged.push(await judgeApproach(one, detector, network, portraits));
    bar.update(judged.length);
  }
  bar.stop();
  network.dispose();
  detector.dispose();
  const missed = judged.filter(({ score }) => score === null).length;
  console.log(`Threshold ${network.threshold}. No face was found in ${missed} of ${judged.length}.`);
  console.log(rowsTable(countWrong(judged, network.threshold)));
}

async function speed({ model }: { readonly model: string }): Promise<void> {
  const { look, search, follow } = await timePassive(model);
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  console.log(
    `Processor time on WASM: a look ${ms(look)}; the detector ${ms(search)} to search, ${ms(follow)} to follow.`,
  );
  console.log(`A look takes ${(look / search).toFixed(2)} of a search.`);
}

async function compose({ cache, ...counts }: { cache: string } & Record<Half, number>): Promise<void> {
  await useWasmBackend();
  const detector = await loadNodeDetector(VIDEO_DETECTOR);
  const finder = createFinder(detector);
  for (const half of HALVES) {
    const bar = startProgress({ title: half, total: counts[half], unit: 'frames' });
    await composeSet(cache, half, counts[half], finder, (done) => bar.update(done));
    bar.stop();
  }
  detector.dispose();
}

interface TrainOptions {
  readonly cache: string;
  readonly epochs: number;
}

const sayEpoch = (epoch: number, loss: number) => console.log(`epoch ${epoch + 1}: loss ${loss.toFixed(4)}`);

async function train({
  cache,
  out,
  release,
  epochs,
}: TrainOptions & { readonly out?: string; readonly release: string }): Promise<void> {
  await chooseBackend(undefined, { activations: 'float32' });
  const test = readShotSet(cache, 'test');
  const config = { ...FIT, epochs };
  const fitted = await fitAndScore(readShotSet(cache, 'train'), test, null, sayEpoch, config);
  console.log(rateTable(fitted));
  if (out === undefined) return;
  const { weights, threshold, scored } = fitted;
  const rowOf = new Map(test.records.map(({ shot, row }) => [shot, row]));
  const golden = goldenShots(scored, threshold).map(({ shot, score }) => ({
    views: test.views(rowOf.get(shot)!),
    score: score!,
  }));
  const { weights: file } = writePassiveFolder(out, release, weights, threshold, golden);
  console.log(`${out}: ${file.bytes} bytes of weights.`);
}

async function leaveOut({
  cache,
  epochs,
  kinds,
}: TrainOptions & { readonly kinds: readonly string[] }): Promise<void> {
  await chooseBackend(undefined, { activations: 'float32' });
  const sets = [readShotSet(cache, 'train'), readShotSet(cache, 'test')] as const;
  const rows: string[] = [];
  for (const kind of ATTACK_KINDS.filter((one) => kinds.includes(one))) {
    rows.push(leftOutRow(kind, await fitAndScore(...sets, kind, sayEpoch, { ...FIT, epochs })));
    console.log([LEFT_OUT_HEAD, ...rows].join('\n'));
  }
}
