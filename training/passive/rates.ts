import { quantileOf } from '../attacks/quantile.ts';
import type { Shot } from './compose.ts';

/** A composed frame and its score. */
export interface Scored {
  readonly shot: Shot;
  /** log odds that it is a picture; null where no face was found, so that nobody is greeted */
  readonly score: number | null;
}

/** The share of visits that a threshold may refuse when it is chosen. */
export const CHOSEN_BPCER = 0.025;

/** The threshold that refuses that share of these visits. */
export const thresholdFor = (visits: readonly number[], bpcer: number): number =>
  quantileOf(visits, 1 - bpcer);

/** How an attack is named in figures. */
export const nameOf = (shot: Shot): string =>
  shot.kind === 'visit' ? `visit, ${shot.wear}` : `${shot.kind}${shot.video ? ', video' : ''}`;

/** One row of the figures. `wrong`: attacks below the threshold, or visits at or above it. */
export interface RateRow {
  readonly name: string;
  readonly attack: boolean;
  readonly count: number;
  readonly wrong: number;
}

/** What is counted: under which names, and its score. */
export interface Counted {
  readonly names: readonly string[];
  readonly attack: boolean;
  readonly score: number | null;
}

/** APCER and BPCER by name at a threshold, over what has a score. */
export function countWrong(entries: readonly Counted[], threshold: number): RateRow[] {
  const rows = new Map<string, { attack: boolean; count: number; wrong: number }>();
  for (const { names, attack, score } of entries) {
    if (score === null) continue;
    const wrong = attack ? score < threshold : score >= threshold;
    for (const name of names) {
      const row = rows.get(name) ?? { attack, count: 0, wrong: 0 };
      row.count += 1;
      row.wrong += Number(wrong);
      rows.set(name, row);
    }
  }
  return [...rows].map(([name, row]) => ({ name, ...row })).sort((a, b) => a.name.localeCompare(b.name));
}

/** APCER by attack and BPCER by accessory at a threshold, over the frames in which a face was found. */
export const ratesAt = (scored: readonly Scored[], threshold: number): RateRow[] =>
  countWrong(
    scored.map(({ shot, score }) => {
      const all = shot.kind === 'visit' ? 'all visits' : shot.video ? 'all videos' : 'all stills';
      return { names: [nameOf(shot), all], attack: shot.kind !== 'visit', score };
    }),
    threshold,
  );

/** BPCER at which APCER is compared from test to test. */
export const COMPARED_BPCER = 0.05;

/** A threshold just above the visit at which that share of these visits, rounded down, is refused. */
export function comparedThreshold(scored: readonly Scored[], bpcer: number): number {
  const visits = scored.flatMap(({ shot, score }) =>
    shot.kind === 'visit' && score !== null ? [score] : [],
  );
  visits.sort((a, b) => b - a);
  return visits[Math.floor(bpcer * visits.length)]! + 1e-6;
}

/** The share of a row. */
export const rateOf = ({ count, wrong }: RateRow): number => wrong / count;
