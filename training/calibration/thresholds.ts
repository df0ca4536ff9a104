import { spreadOf } from '@rounz/core/match/impostors.ts';
import { fisher } from '@rounz/core/match/score.ts';
import type { CalibrationRow, ImpostorScores, ScoreSpread } from '@rounz/core/model/manifest.ts';
import { isRenderedSet } from '../data/rendered.ts';

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
  lookalikeShare: 0.02,
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
  const count = Math.max(CALIBRATION.leastCount, Math.floor(pairs.length * CALIBRATION.lookalikeShare));
  if (pairs.length < count)
    throw new Error(
      `${pairs.length} pairs of strangers are too few to calibrate on: train with more people, or keep a larger share of them aside (data.validationPeople in --config).`,
    );
  const lookalikes = [...pairs].sort((a, b) => a.apart - b.apart).slice(0, count);
  const of = (some: readonly StrangerPair[]): ScoreSpread => {
    const { mean, deviation } = spreadOf(some.map(({ score }) => score));
    return { mean: Number(mean.toFixed(5)), deviation: Number(deviation.toFixed(5)) };
  };
  return { all: of(pairs), lookalikes: of(lookalikes) };
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
