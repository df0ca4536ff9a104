import type { CalibrationRow, ImpostorScores, ScoreSpread } from '../model/manifest.ts';
import { MATCH } from './config.ts';
import { fisher } from './score.ts';

/** Impostor statistics of a model's manifest. */
export interface Calibrated {
  readonly calibration: readonly CalibrationRow[];
  /** absent: the thresholds are taken as they are, wherever the kiosk stands */
  readonly impostors?: ImpostorScores | undefined;
}

/** Scores between strangers, summed up: how many, and how they lie on Fisher's scale. */
export interface ImpostorSummary extends ScoreSpread {
  /** 1.. */
  readonly pairs: number;
}

/** Places 0..count-1, at most `limit` of them, evenly over all. */
const evenly = (count: number, limit: number): number[] =>
  Array.from({ length: Math.min(count, limit) }, (_, i) => Math.floor((i * count) / Math.min(count, limit)));

/**
 * Impostor scores of a gallery: its people are strangers to one another. All pairs of at most `MATCH.adaptation.people` of them,
 * taken evenly.
 *
 * @param people in the gallery
 * @param templateAt the template of the person at a place, 0..people-1
 * @returns cosines, in no order
 */
export function impostorScores<T>(
  people: number,
  templateAt: (place: number) => T,
  score: (a: T, b: T) => number,
): Float32Array {
  const taken = evenly(people, MATCH.adaptation.people).map(templateAt);
  const scores = new Float32Array((taken.length * (taken.length - 1)) / 2);
  let at = 0;
  for (const [i, a] of taken.entries()) for (let j = 0; j < i; j++) scores[at++] = score(a, taken[j]!);
  return scores;
}

/** Mean and standard deviation on Fisher's scale. @param scores cosines, at least one */
export function spreadOf(scores: ArrayLike<number>): ScoreSpread {
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += fisher(scores[i]!);
  const mean = sum / scores.length;
  let squares = 0;
  for (let i = 0; i < scores.length; i++) squares += (fisher(scores[i]!) - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / scores.length) };
}

/** What a decision needs of a gallery's scores. @returns null where there are none: a gallery of one */
export const summaryOf = (scores: ArrayLike<number>): ImpostorSummary | null =>
  scores.length === 0 ? null : { pairs: scores.length, ...spreadOf(scores) };

/**
 * Mean and deviation of the impostor scores at this kiosk: those seen in its gallery, pooled with a prior as if the prior had been
 * seen on `priorPairs` pairs; the distance of their means counts as spread (Gelman et al., Bayesian Data Analysis, 3rd ed.,
 * 3.3: the normal model's conjugate prior).
 *
 * @param seen cosines between the people of the gallery, as `impostorScores` gives them, or their summary; none of a gallery
 *   of one
 */
export function impostorSpread(
  seen: ArrayLike<number> | ImpostorSummary | null,
  prior: ScoreSpread,
  priorPairs: number = MATCH.adaptation.priorPairs,
): ScoreSpread {
  const local = seen && 'pairs' in seen ? seen : summaryOf(seen ?? []);
  if (!local) return prior;
  const { pairs, mean, deviation } = local;
  const all = priorPairs + pairs;
  const apart = (priorPairs * pairs * (mean - prior.mean) ** 2) / all;
  return {
    mean: (priorPairs * prior.mean + pairs * mean) / all,
    deviation: Math.sqrt((priorPairs * prior.deviation ** 2 + pairs * deviation ** 2 + apart) / all),
  };
}

/**
 * Adapts a calibrated threshold to the impostor scores at this kiosk: it keeps the number of standard deviations above their
 * mean, on Fisher's scale (z-normalisation; Auckenthaler, Carey and Lloyd-Thomas 2000). Never below the calibrated one.
 *
 * @param threshold cosine
 */
export function adaptThreshold(threshold: number, calibrated: ScoreSpread, local: ScoreSpread): number {
  const deviations = (fisher(threshold) - calibrated.mean) / calibrated.deviation;
  return Math.max(threshold, Math.tanh(local.mean + deviations * local.deviation));
}
