import { spreadOf } from '@rounz/core/match/impostors.ts';
import { fisher } from '@rounz/core/match/score.ts';
import { dot } from '@rounz/core/math/vector.ts';
import type { Embedder } from '@rounz/core/model/embedder.ts';
import type { CalibrationRow, ImpostorScores, ScoreSpread } from '@rounz/core/model/manifest.ts';
import type { Command } from 'commander';
import { chooseBackend } from '../backend/ladder.ts';
import { isRenderedSet } from '../data/rendered.ts';
import { writeManifest } from '../model/export.ts';
import { openEmbedder } from '../model/model-folder.ts';
import { type TrainConfig, trainConfigSchema } from '../recipes/schema.ts';
import { byEmbedder, galleryAndProbes } from '../samples/embed-samples.ts';
import { compareWithinSets, openValidationSet } from '../samples/validation-people.ts';
import { byLook, distance } from './crop-appearance.ts';

/** What thresholds are made for. */
export const CALIBRATION = {
  /** accepted shares of strangers who are greeted by somebody's name */
  targetFpir: [0.001, 0.003, 0.01, 0.03, 0.1],
  /** enrolled people */
  gallerySize: [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000],
  /** share of impostor scores, the highest, that the tail is fitted to where there are too few to count */
  tailShare: 0.002,
  /** a false match rate is counted down to this many scores above it, and taken from the fitted tail below */
  leastCount: 20,
  /** share of the pairs of gallery pictures, those that look most alike, that stand for one camera in one light */
  alikeShare: 0.02,
} as const;

/**
 * FMR of one comparison that gives an FPIR over `gallerySize` independent comparisons: FPIR = 1 - (1 - FMR)^N
 * (ISO/IEC 19795-1, without binning).
 */
export const fmrFor = (targetFpir: number, gallerySize: number): number =>
  -Math.expm1(Math.log1p(-targetFpir) / gallerySize);

/**
 * The score that a share `fmr` of impostors exceeds. Counted where the sample is large enough; beyond, the excesses over the
 * sample's upper quantile are taken to fall off exponentially (the generalised Pareto law of shape 0; Pickands 1975), after
 * Fisher's transform z = atanh(cosine), which has no upper end.
 *
 * @param impostor scores, descending
 */
export function thresholdAt(impostor: Float64Array, fmr: number): number {
  const rank = fmr * impostor.length;
  if (rank >= CALIBRATION.leastCount) return impostor[Math.floor(rank)]!;
  const count = Math.max(
    CALIBRATION.leastCount,
    Math.min(impostor.length - 1, Math.floor(impostor.length * CALIBRATION.tailShare)),
  );
  const start = fisher(impostor[count]!);
  let excess = 0;
  for (let i = 0; i < count; i++) excess += fisher(impostor[i]!) - start;
  return Math.tanh(start + (excess / count) * Math.log(count / impostor.length / fmr));
}

/** Two gallery pictures of strangers. */
export interface StrangerPair {
  /** cosine */
  readonly score: number;
  /** how far the looks of the two lie apart */
  readonly apart: number;
}

/** @throws Error where there are too few pairs to tell those that look alike */
export function spreadsOf(pairs: readonly StrangerPair[]): ImpostorScores {
  const count = Math.max(CALIBRATION.leastCount, Math.floor(pairs.length * CALIBRATION.alikeShare));
  if (pairs.length < count)
    throw new Error(
      `${pairs.length} pairs of strangers are too few to calibrate on: train with more people, or keep a larger share of them aside (data.validationPeople in --config).`,
    );
  const alike = [...pairs].sort((a, b) => a.apart - b.apart).slice(0, count);
  const of = (some: readonly StrangerPair[]): ScoreSpread => {
    const { mean, deviation } = spreadOf(some.map(({ score }) => score));
    return { mean: Number(mean.toFixed(5)), deviation: Number(deviation.toFixed(5)) };
  };
  return { all: of(pairs), alike: of(alike) };
}

const inWords = ({ mean, deviation }: ScoreSpread): string =>
  `mean ${mean.toFixed(3)} and deviation ${deviation.toFixed(3)}`;

/** @param impostor scores of different people, any order */
export function calibrationRows(impostor: ArrayLike<number>): CalibrationRow[] {
  if (impostor.length < 10 * CALIBRATION.leastCount) {
    throw new Error(
      `${impostor.length} impostor scores are too few to calibrate on: train with more people, or keep a larger share of them aside (data.validationPeople in --config).`,
    );
  }
  const sorted = Float64Array.from(impostor).sort().reverse();
  return CALIBRATION.targetFpir.flatMap((targetFpir) =>
    CALIBRATION.gallerySize.map((gallerySize) => ({
      targetFpir,
      gallerySize,
      threshold: Number(thresholdAt(sorted, fmrFor(targetFpir, gallerySize)).toFixed(5)),
    })),
  );
}

/**
 * The sets whose validation people the thresholds are made between. Rendered people are left out where there are others:
 * they look more alike than shoppers do, and would raise every threshold (`--sets` with and without them shows by how
 * much).
 */
export function calibrationSets(sets: readonly string[]): string[] {
  const real = sets.filter((set) => !isRenderedSet(set));
  return real.length > 0 ? real : [...sets];
}

/** What validation people who are strangers to one another score. */
interface Strangers {
  /** bare gallery pictures against probes with drawn accessories and without */
  readonly scores: Float64Array;
  /** gallery pictures against each other */
  readonly impostors: ImpostorScores;
  /** whose people they are: some sets have none who are known by name */
  readonly sets: readonly string[];
}

async function strangersOf(
  embedder: Embedder,
  cacheDir: string,
  config: TrainConfig,
  counted: readonly string[],
): Promise<Strangers> {
  const validation = openValidationSet(cacheDir, config, counted);
  const { gallery, probes } = galleryAndProbes(validation.samples);
  const embed = byEmbedder(embedder);
  const templates = await validation.embed(embed, gallery, 'none');
  const enrolled = gallery.map((sample, i) => ({ sample, templates: [templates[i]!] }));
  const embedded = [
    ...(await validation.embed(embed, probes, 'none')),
    ...(await validation.embed(embed, probes, 'worn')),
  ];
  const looks = await validation.embed(byLook, gallery, 'none');
  await validation.close();
  const pairs = gallery.flatMap((sample, i) =>
    gallery
      .slice(0, i)
      .flatMap((other, j) =>
        other.set === sample.set
          ? [{ score: dot(templates[i]!, templates[j]!), apart: distance(looks[i]!, looks[j]!) }]
          : [],
      ),
  );
  return {
    scores: compareWithinSets(enrolled, [...probes, ...probes], embedded).impostor,
    impostors: spreadsOf(pairs),
    sets: [...new Set(gallery.map(({ set }) => set))],
  };
}

export function registerCalibrate(program: Command): void {
  program
    .command('calibrate')
    .description('write thresholds by target FPIR and gallery size into a model’s manifest')
    .requiredOption('--model <dir>', 'exported model folder')
    .requiredOption(
      '--cache <dir>',
      'aligned faces; the validation people of the model’s own recipe are used',
    )
    .option(
      '--sets <names...>',
      'sets of the recipe whose validation people count (default: all but rendered ones)',
    )
    .action(async (options: { model: string; cache: string; sets?: string[] }) => {
      await chooseBackend();
      const { manifest, embedder } = openEmbedder(options.model);
      const config = trainConfigSchema.parse(manifest.training.recipe);
      const counted = options.sets ?? calibrationSets(config.data.sets);
      const foreign = counted.filter((set) => !config.data.sets.includes(set));
      if (foreign.length > 0)
        throw new Error(
          `${foreign.join(', ')} is no set of the model’s recipe; it was trained on ${config.data.sets.join(', ')}.`,
        );
      const { scores, impostors, sets } = await strangersOf(embedder, options.cache, config, counted);
      embedder.dispose();
      const calibration = calibrationRows(scores);
      writeManifest(options.model, { ...manifest, calibration, impostors });
      const normal = calibration.find((row) => row.targetFpir === 0.01 && row.gallerySize === 1000);
      console.log(
        `${scores.length} impostor scores between people of ${sets.join(', ')}; threshold ${normal?.threshold.toFixed(3)} for FPIR 1 % at 1,000 people.`,
      );
      console.log(
        `Between their bare pictures, on Fisher's scale: ${inWords(impostors.all)} of all pairs, ${inWords(impostors.alike)} of the ${CALIBRATION.alikeShare * 100} % that look most alike.`,
      );
    });
}
