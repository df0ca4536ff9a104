import type { HealthState } from '../engine/health.ts';
import { type PeopleState, peopleOf } from '../engine/people.ts';
import type { CatalogueState } from '../session/catalogue.ts';
import type { SightState } from '../sight/kiosk-sight.ts';
import type { SightProblem } from '../sight/sight.ts';

/** What staff or the installer should see to, although the kiosk serves. Most urgent first. */
export type WarningCode =
  | `sight-${SightProblem}`
  | 'clock-ahead'
  | 'clock-behind'
  | 'no-backup'
  | 'old-backup'
  | 'passive-failed'
  | 'face-doubted'
  | 'gpu-gone'
  | 'not-isolated'
  | 'not-persistent'
  | 'no-catalogue'
  | 'view-camera'
  | 'view-size'
  | 'view-scene';

export interface Warning {
  readonly code: WarningCode;
  /** days since the last backup, degrees of a turned stream, faces that looked like a picture; 0 where the text has no number */
  readonly count: number;
}

/** A backup is asked for when the last one is older, days. */
export const BACKUP_EVERY = 7;

export interface Upkeep {
  readonly isolated: boolean;
  readonly withoutGpu: boolean;
  readonly storage: HealthState['storage'];
  readonly people: PeopleState;
  /** ISO 8601, UTC; null: never */
  readonly lastBackup: string | null;
  /** ISO 8601, UTC */
  readonly today: string;
  /** of the passive check */
  readonly passive: Pick<HealthState, 'passive' | 'doubted'>;
  readonly sight: Pick<SightState, 'problem' | 'turn' | 'change'>;
  readonly catalogue: CatalogueState['kind'];
}

const DAY = 86_400_000;

/** Whole days from one date to another; negative where the clock was set back. */
const daysBetween = (from: string, to: string): number =>
  Math.floor((Date.parse(to) - Date.parse(from)) / DAY);

function backupWarning({ people, lastBackup, today }: Upkeep): Warning | null {
  // Nobody real is enrolled: there is nothing to lose.
  if (!peopleOf(people).some(({ demo }) => !demo)) return null;
  if (lastBackup === null) return { code: 'no-backup', count: 0 };
  const count = daysBetween(lastBackup, today);
  return count >= BACKUP_EVERY ? { code: 'old-backup', count } : null;
}

/** Everything that is not as it should be. Empty: all is well, as far as a kiosk can know. */
export function warningsOf(upkeep: Upkeep): readonly Warning[] {
  const { isolated, withoutGpu, storage, people, sight, passive, catalogue } = upkeep;
  const { picture } = passive.doubted;
  const clock = people.kind === 'open' ? people.clock : null;
  const plain = (code: WarningCode, holds: boolean): Warning | null => (holds ? { code, count: 0 } : null);
  const found: readonly (Warning | null)[] = [
    sight.problem && { code: `sight-${sight.problem}`, count: sight.problem === 'turned' ? sight.turn : 0 },
    clock && { code: `clock-${clock.reason}`, count: 0 },
    backupWarning(upkeep),
    plain('passive-failed', passive.passive.kind === 'failed'),
    picture > 0 ? { code: 'face-doubted', count: picture } : null,
    plain('gpu-gone', withoutGpu),
    plain('not-isolated', !isolated),
    plain('not-persistent', storage !== null && !storage.persisted),
    plain('no-catalogue', catalogue === 'failed'),
    sight.change && { code: `view-${sight.change}`, count: 0 },
  ];
  return found.filter((one) => one !== null);
}
