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

/** APCER by attack and BPCER by accessory at a threshold, over the frames in which a face was found. */
export function ratesAt(scored: readonly Scored[], threshold: number): RateRow[] {
  const rows = new Map<string, { attack: boolean; count: number; wrong: number }>();
  const add = (name: string, attack: boolean, wrong: boolean) => {
    const row = rows.get(name) ?? { attack, count: 0, wrong: 0 };
    row.count += 1;
    row.wrong += Number(wrong);
    rows.set(name, row);
  };
  for (const { shot, score } of scored) {
    if (score === null) continue;
    const attack = shot.kind !== 'visit';
    const wrong = attack ? score < threshold : score >= threshold;
    add(nameOf(shot), attack, wrong);
    add(attack ? (shot.video ? 'all videos' : 'all stills') : 'all visits', attack, wrong);
  }
  return [...rows].map(([name, row]) => ({ name, ...row })).sort((a, b) => a.name.localeCompare(b.name));
}

/** BPCER at which APCER is compared from test to test. */
export const COMPARED_BPCER = 0.05;

/** APCER of the attacks where the threshold refuses that share of these very visits, rounded down to whole visits. */
export function apcerAt(scored: readonly Scored[], bpcer: number, isWanted: (shot: Shot) => boolean): number {
  const known = scored.filter((one) => one.score !== null);
  const visits = known.filter(({ shot }) => shot.kind === 'visit').map(({ score }) => score!);
  visits.sort((a, b) => b - a);
  // As many visits as may be refused lie above it.
  const threshold = visits[Math.floor(bpcer * visits.length)]!;
  const attacks = known.filter(({ shot }) => shot.kind !== 'visit' && isWanted(shot));
  return attacks.filter(({ score }) => score! <= threshold).length / attacks.length;
}

/** The share of a row. */
export const rateOf = ({ count, wrong }: RateRow): number => wrong / count;
