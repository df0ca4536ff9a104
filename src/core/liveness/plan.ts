import type { Draws } from '../math/random.ts';
import { type ChallengeConfig, HOLDS, type HoldName } from './config.ts';

/** Where the visitor is asked to turn their head, as they see it themselves. */
export const WAYS = ['left', 'right', 'up', 'down'] as const;
export type Way = (typeof WAYS)[number];

type Turn = readonly [way: Way, hold: HoldName];

/** What one challenge asks; drawn anew for each try. Milliseconds. */
export interface ChallengePlan {
  /** from the steady face to the first arrow */
  readonly delay: number;
  /** one turn or two; then the screen says "look ahead" */
  readonly turns: readonly { readonly way: Way; readonly hold: number }[];
}

const isNod = (way: Way): boolean => way === 'up' || way === 'down';

const pairs = (first: Way): (readonly Turn[])[] =>
  WAYS.filter((second) => second !== first && (isNod(first) || isNod(second))).map((second) => [
    [first, 'short'],
    [second, 'short'],
  ]);

/**
 * Everything that may be asked, fourteen things, each as likely as any other: a recording shows one of these and no other. Two
 * turns to different ways, one of them a nod; or one nod that is held for one of two times, of which neither fits the other. Each
 * has a nod, for pictures are hardly ever read as one.
 */
export const TURNS: readonly (readonly Turn[])[] = [
  ...WAYS.flatMap(pairs),
  ...WAYS.filter(isNod).flatMap((way) => HOLDS.map((hold): readonly Turn[] => [[way, hold]])),
];

/** Draws what a challenge asks. */
export function drawPlan(rng: Pick<Draws, 'pick' | 'between'>, config: ChallengeConfig): ChallengePlan {
  const turns = rng.pick(TURNS);
  return {
    delay: rng.between(0, config.arrowDelay),
    turns: turns.map(([way, hold]) => ({ way, hold: rng.between(...config.hold[hold]) })),
  };
}
