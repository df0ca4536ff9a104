/**
 * One search of a gallery in which the probe's person (the mate) is enrolled. The same search without the mate is the
 * search of a stranger, so one list gives both of the open-set error rates. -Infinity where no face was found.
 */
export interface Search {
  /** score of the mate */
  readonly mate: number;
  /** best score of anybody else in the gallery */
  readonly bestOther: number;
}

export interface IdentificationPoint {
  readonly threshold: number;
  /** false positive identification rate: strangers for whom somebody was returned, 0..1 */
  readonly fpir: number;
  /** false negative identification rate: enrolled people who were not returned first, or not at all, 0..1 */
  readonly fnir: number;
}

/** A tie with somebody else is no hit: the kiosk could not tell whom to greet. */
const isHit = ({ mate, bestOther }: Search, threshold: number): boolean =>
  mate > bestOther && mate >= threshold;

const share = (searches: readonly Search[], holds: (search: Search) => boolean): number =>
  searches.filter(holds).length / searches.length;

/** Share of searches whose mate alone has the highest score, whatever its height; 0..1. */
export const rankOneRate = (searches: readonly Search[]): number =>
  share(searches, (search) => isHit(search, Number.NEGATIVE_INFINITY));

/** FPIR and FNIR (ISO/IEC 19795-1) where the best candidate is returned if its score is at least `threshold`. */
export function identificationAt(searches: readonly Search[], threshold: number): IdentificationPoint {
  return {
    threshold,
    fpir: share(searches, ({ bestOther }) => bestOther >= threshold && bestOther > Number.NEGATIVE_INFINITY),
    fnir: share(searches, (search) => !isHit(search, threshold)),
  };
}

/** The most lenient observed threshold whose FPIR is at most `target`, and its FNIR. Conservative: no interpolation. */
export function fnirAtFpir(searches: readonly Search[], target: number): IdentificationPoint {
  const others = searches.map(({ bestOther }) => bestOther).sort((a, b) => b - a);
  const allowed = Math.floor(target * others.length + 1e-9);
  const firstRefused = others[allowed];
  if (firstRefused === undefined) return identificationAt(searches, Number.NEGATIVE_INFINITY);
  const above = searches.flatMap(({ mate, bestOther }) => [mate, bestOther]).filter((s) => s > firstRefused);
  const threshold = above.reduce((low, score) => Math.min(low, score), Number.POSITIVE_INFINITY);
  return identificationAt(searches, threshold);
}
