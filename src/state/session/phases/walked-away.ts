import { idle } from '../model/ending.ts';
import type { Moment, PhaseOf } from '../model/moment.ts';
import { absence } from '../model/track.ts';

/**
 * Whether the one who uses the page, its confirmation or the look-up is gone. A touch shows presence as well as a face does.
 * Somebody whose face was never seen (low before the screen, veiled, without a camera) counts as present until the time is up.
 */
export function walkedAway(now: Moment<PhaseOf<'page' | 'lookup' | 'confirm'>>): boolean {
  const { model, at, config } = now;
  const seen = model.track.place !== null;
  const away = absence(model.track, at, config);
  return seen && idle(now) > config.greetedAbsence && away > config.greetedAbsence;
}
