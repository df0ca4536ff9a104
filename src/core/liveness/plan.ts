import type { Draws } from '../math/random.ts';
import type { ChallengeConfig } from './config.ts';

/** Where the visitor is asked to turn their head, as they see it themselves. */
export const WAYS = ['left', 'right', 'up', 'down'] as const;
export type Way = (typeof WAYS)[number];

/** How long the head is held where it was turned before the screen asks for what comes next. */
type HoldName = 'short' | 'long';
type Turn = readonly [way: Way, hold: HoldName];

/** What one challenge asks; drawn anew for each try. Milliseconds. */
export interface ChallengePlan {
  /** from the steady face to the first arrow */
  readonly delay: number;
  /** one turn or two; then the screen says "look ahead" */
  readonly turns: readonly { readonly way: Way; readonly hold: number }[];
}

/**
 * Everything that may be asked, each as likely as any other: a recording shows one of these and no other. Two turns to different
 * ways; or one, held for a short or a long time, of which none is long enough for the other.
 */
export const TURNS: readonly (readonly Turn[])[] = WAYS.flatMap((first) => [
  [[first, 'short']] as const,
  [[first, 'long']] as const,
  ...WAYS.filter((way) => way !== first).map(
    (second) =>
      [
        [first, 'short'],
        [second, 'short'],
      ] as const,
  ),
]);

/** Draws what a challenge asks. @param without what it does not ask for */
export function drawPlan(
  rng: Pick<Draws, 'pick' | 'between'>,
  config: ChallengeConfig,
  without: Way | null = null,
): ChallengePlan {
  const turns = rng.pick(TURNS.filter((some) => some.every(([way]) => way !== without)));
  return {
    delay: rng.between(0, config.arrowDelay),
    turns: turns.map(([way, hold]) => ({ way, hold: rng.between(...config.hold[hold]) })),
  };
}
