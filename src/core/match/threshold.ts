import type { CalibrationRow } from '../model/manifest.ts';
import { adaptThreshold, type Calibrated, type ImpostorSummary, impostorSpread } from './impostors.ts';

/** A point of a piecewise linear curve. */
interface Knot {
  readonly x: number;
  readonly y: number;
}

/**
 * Linear between knots (ascending x). Below the first it stays level; beyond the last it goes on with the last slope where
 * that rises, for thresholds must not become lenient where nothing was measured.
 */
function interpolate(knots: readonly Knot[], x: number): number {
  const first = knots[0]!;
  if (x <= first.x) return first.y;
  const right = knots.findIndex((knot) => knot.x >= x);
  if (right > 0) return lineAt(knots[right - 1]!, knots[right]!, x);
  const last = knots.at(-1)!;
  const beforeLast = knots.at(-2);
  return beforeLast ? Math.max(last.y, lineAt(beforeLast, last, x)) : last.y;
}

const lineAt = (a: Knot, b: Knot, x: number): number => a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);

function groupBySize(rows: readonly CalibrationRow[]): Map<number, CalibrationRow[]> {
  const groups = new Map<number, CalibrationRow[]>();
  for (const row of rows) groups.set(row.gallerySize, [...(groups.get(row.gallerySize) ?? []), row]);
  return groups;
}

const byX = (a: Knot, b: Knot): number => a.x - b.x;

/** The gallery that a threshold is for. */
export interface ThresholdGallery {
  /** enrolled people, 1.. */
  readonly gallerySize: number;
  /** cosines between them, from `impostorScores`, or their summary; absent or empty where there is nobody to compare */
  readonly impostorScores?: ArrayLike<number> | ImpostorSummary | null;
}

/**
 * The cosine threshold for a target FPIR at a gallery size: linear in the logarithms of both between the calibrated
 * rows. A gallery smaller and a target laxer than any row get the nearest row's threshold (stricter than needed); a larger
 * gallery and a stricter target continue the last slope, up to 1. Where the model says how its scores between strangers lie,
 * the threshold follows those between the people of this gallery, upwards alone.
 *
 * @param targetFpir accepted share of strangers who are taken for somebody, between 0 and 1
 * @returns undefined where the model carries no calibration
 */
export function thresholdFor(
  { calibration, impostors }: Calibrated,
  { gallerySize, impostorScores = [] }: ThresholdGallery,
  targetFpir: number,
): number | undefined {
  if (!(targetFpir > 0 && targetFpir < 1))
    throw new RangeError(`A target FPIR lies between 0 and 1; got ${targetFpir}.`);
  if (calibration.length === 0) return undefined;
  const threshold = calibrated(calibration, gallerySize, targetFpir);
  return impostors
    ? adaptThreshold(threshold, impostors.all, impostorSpread(impostorScores, impostors.lookalikes))
    : threshold;
}

function calibrated(rows: readonly CalibrationRow[], gallerySize: number, targetFpir: number): number {
  const bySize = [...groupBySize(rows)].map(([size, group]): Knot => {
    const knots = group.map((row) => ({ x: -Math.log(row.targetFpir), y: row.threshold })).sort(byX);
    return { x: Math.log(size), y: interpolate(knots, -Math.log(targetFpir)) };
  });
  return Math.min(1, interpolate(bySize.sort(byX), Math.log(Math.max(1, gallerySize))));
}
