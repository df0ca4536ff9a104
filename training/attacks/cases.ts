import { createRng } from '@rounz/core/math/random.ts';
import { MEDIA, type MediumKind } from './media.ts';
import { HAND_MOVES, type HandMove, RECORDINGS, type Recording } from './motion.ts';
import { type Half, VISIT_WEARS, type VisitWear } from './people.ts';

/** One composed visit or attack; everything else is drawn from its seed. */
export type Case = { readonly id: string; readonly half: Half; readonly seed: number } & (
  | { readonly group: 'visit'; readonly wear: VisitWear }
  | { readonly group: 'still'; readonly medium: MediumKind; readonly move: HandMove }
  | { readonly group: 'video'; readonly medium: 'phone' | 'tablet'; readonly recording: Recording }
);

/** How many cases of each group the acceptance of the challenge asks for. */
export interface CaseCounts {
  readonly visits: number;
  readonly stills: number;
  readonly videos: number;
}

export const CASE_COUNTS: CaseCounts = { visits: 100, stills: 300, videos: 100 };

/** Seeds of the two halves lie far apart, so that no hand, screen or shop comes twice. */
const FIRST_SEED: Readonly<Record<Half, number>> = { train: 740_000, test: 990_000 };

/** The cases of a half, every kind as often as every other. */
export function casesOf(half: Half, { visits, stills, videos }: CaseCounts): Case[] {
  const first = FIRST_SEED[half];
  const base = (group: string, i: number, offset: number) => ({
    id: `${half}-${group}-${i}`,
    half,
    seed: first + offset + i,
  });
  return [
    ...times(visits, (i) => ({
      ...base('visit', i, 0),
      group: 'visit' as const,
      wear: VISIT_WEARS[i % VISIT_WEARS.length]!,
    })),
    ...times(stills, (i) => ({ ...base('still', i, 10_000), group: 'still' as const, ...stillOf(i) })),
    ...times(videos, (i) => ({
      ...base('video', i, 20_000),
      group: 'video' as const,
      medium: i % 2 === 0 ? ('phone' as const) : ('tablet' as const),
      recording: RECORDINGS[(i >> 1) % RECORDINGS.length]!,
    })),
  ];
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** A medium, and what the hand does with it: a device cannot be bent. */
function stillOf(index: number): { medium: MediumKind; move: HandMove } {
  const medium = MEDIA[index % MEDIA.length]!;
  const stiff = medium === 'phone' || medium === 'tablet';
  const moves = HAND_MOVES.filter((move) => !(stiff && (move === 'bend' || move === 'turn-bent')));
  return { medium, move: moves[Math.floor(index / MEDIA.length) % moves.length]! };
}

/** A stream of random numbers for one purpose of a case: what is added to one purpose changes no other. */
export const rngOf = ({ seed }: Pick<Case, 'seed'>, purpose: 'scene' | 'plan' | 'noise') =>
  createRng(seed * 7 + { scene: 1, plan: 2, noise: 3 }[purpose]);
