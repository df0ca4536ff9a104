import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { CASE_COUNTS } from '../attacks/cases.ts';
import { playCases } from '../attacks/play.ts';
import { readPortraits } from '../attacks/portraits.ts';
import { challengeTable } from '../attacks/table.ts';
import { wholeNumber } from '../util/options.ts';
import { startProgress } from '../util/progress.ts';

const CACHE = join(import.meta.dirname, '../../.cache/attacks');

interface Options {
  readonly portraits?: string;
  readonly half: 'train' | 'test';
  readonly visits: number;
  readonly stills: number;
  readonly videos: number;
  readonly cache: string;
  readonly kept?: boolean;
}

/** Registers `attacks`: composed attacks and visits before the kiosk's challenge, with the figures. */
export function registerAttacks(program: Command): void {
  program
    .command('attacks')
    .description('play composed attacks and visits before the challenge and print what got through')
    .option('--portraits <folder>', 'pictures for the still attacks, in place of rendered people')
    .option(
      '--half <name>',
      'train: people and screens by which numbers are chosen; test: the others',
      'test',
    )
    .option('--visits <n>', 'how many', wholeNumber({ from: 0 }), CASE_COUNTS.visits)
    .option('--stills <n>', 'how many', wholeNumber({ from: 0 }), CASE_COUNTS.stills)
    .option('--videos <n>', 'how many', wholeNumber({ from: 0 }), CASE_COUNTS.videos)
    .option('--cache <folder>', 'where played cases are kept, so that a run goes on where it stopped', CACHE)
    .option('--kept', 'print what was played before and play nothing')
    .action(run);
}

async function run({ portraits: folder, half, cache, kept = false, ...counts }: Options): Promise<void> {
  if (half !== 'train' && half !== 'test') throw new RangeError(`--half is train or test, not "${half}".`);
  mkdirSync(cache, { recursive: true });
  // What real portraits give is theirs alone: their outcomes are not kept.
  const portraits = folder === undefined ? undefined : await readPortraits(folder);
  const total = counts.visits + counts.stills + counts.videos;
  const bar = startProgress({ title: 'attacks', total, unit: 'cases' });
  const played = await playCases({
    half,
    counts,
    portraits,
    keptOnly: kept,
    cache,
    onCase: (done) => bar.update(done),
  });
  bar.stop();
  console.log(challengeTable(played));
}
