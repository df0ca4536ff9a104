import type { Embedder } from '@rounz/core/model/embedder.ts';
import type { CalibrationRow } from '@rounz/core/model/manifest.ts';
import type { Command } from 'commander';
import { chooseBackend } from './backend/ladder.ts';
import { type TrainConfig, trainConfigSchema } from './config.ts';
import { isRenderedSet } from './data/rendered.ts';
import { byEmbedder, galleryAndProbes } from './embed-samples.ts';
import { writeManifest } from './export.ts';
import { openEmbedder } from './model-folder.ts';
import { compareWithinSets, openValidationSet } from './validation-set.ts';

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
} as const;

/**
 * FMR of one comparison that gives an FPIR over `gallerySize` independent comparisons: FPIR = 1 - (1 - FMR)^N
 * (ISO/IEC 19795-1, without binning).
 */
export const fmrFor = (targetFpir: number, gallerySize: number): number =>
  -Math.expm1(Math.log1p(-targetFpir) / gallerySize);

/** Fisher's transform, kept finite at a score of 1. */
const fisher = (cosine: number): number => Math.atanh(Math.min(1 - 1e-7, Math.max(-1 + 1e-7, cosine)));

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

/** Scores of different validation people: bare gallery pictures against probes with drawn accessories and without. */
async function impostorScores(
  embedder: Embedder,
  cacheDir: string,
  config: TrainConfig,
  counted: readonly string[],
): Promise<Float64Array> {
  const validation = openValidationSet(cacheDir, config, counted);
  const { gallery, probes } = galleryAndProbes(validation.samples);
  const embed = byEmbedder(embedder);
  const templates = await validation.embed(embed, gallery, 'none');
  const enrolled = gallery.map((sample, i) => ({ sample, templates: [templates[i]!] }));
  const embedded = [
    ...(await validation.embed(embed, probes, 'none')),
    ...(await validation.embed(embed, probes, 'worn')),
  ];
  await validation.close();
  return compareWithinSets(enrolled, [...probes, ...probes], embedded).impostor;
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
      const scores = await impostorScores(embedder, options.cache, config, counted);
      embedder.dispose();
      const calibration = calibrationRows(scores);
      writeManifest(options.model, { ...manifest, calibration });
      const normal = calibration.find((row) => row.targetFpir === 0.01 && row.gallerySize === 1000);
      console.log(
        `${scores.length} impostor scores between people of ${counted.join(', ')}; threshold ${normal?.threshold.toFixed(3)} for FPIR 1 % at 1,000 people.`,
      );
    });
}
