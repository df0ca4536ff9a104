import type { Sample } from '../../engine/recogniser.ts';
import type { PassiveUse } from './config.ts';

/** What the passive check makes of a visit; `unchecked`: it looked at none of the frames. */
export type PassiveOpinion = 'person' | 'picture' | 'unchecked';

/** The frames' mean log odds decide: one odd frame among several does not. */
export function passiveOpinion(samples: readonly Sample[]): PassiveOpinion {
  const odds = samples.flatMap(({ passive }) => (passive === undefined ? [] : [passive]));
  if (odds.length === 0) return 'unchecked';
  const mean = odds.reduce((sum, value) => sum + value, 0) / odds.length;
  return mean < 0 ? 'person' : 'picture';
}

/** What to tell staff of this greeting, or undefined where the check is off or believes it. */
export function doubtOf(
  use: PassiveUse,
  samples: readonly Sample[],
): Exclude<PassiveOpinion, 'person'> | undefined {
  if (use === 'off') return undefined;
  const opinion = passiveOpinion(samples);
  return opinion === 'person' ? undefined : opinion;
}
