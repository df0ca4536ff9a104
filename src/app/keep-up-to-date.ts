import { isOpenAt } from '@rounz/core/settings/settings.ts';
import { type Clock, localHour } from '@rounz/core/time/clock.ts';
import type { HealthState } from '../state/engine/health.ts';
import type { Kiosk } from '../state/kiosk-types.ts';
import { registerVersioning, runUpdater } from './update.ts';

/** Stores this version for starts without a network, and takes newer versions in idle moments. */
export async function keepUpToDate(
  { health, session, settings }: Kiosk,
  soon: boolean,
  clock: Clock,
): Promise<void> {
  const versioning = await registerVersioning(clock).catch(() => null);
  if (!versioning) return;
  runUpdater({
    versioning,
    clock,
    hour: () => localHour(clock),
    closed: () =>
      isOpenAt(settings.store.getState().inForce.hours, minuteOfDay(new Date(clock.date()))) === false,
    soon,
    session: session.store,
    models: () => modelsInUse(health.store.getState().model),
    onVersions: ({ current, candidate, onTrial, refused }) =>
      health.setRelease({
        current,
        onTrial,
        waiting: candidate !== null,
        refused: refused.map(({ version }) => version),
      }),
    onProblem: health.error,
    reload: () => window.location.reload(),
  });
}

/** Minutes since midnight, local. */
const minuteOfDay = (at: Date): number => at.getHours() * 60 + at.getMinutes();

/** This run's recogniser, and the gallery's own where the address asks for another. */
function modelsInUse(model: HealthState['model']): readonly string[] | undefined {
  return model ? [...new Set([model.name, ...(model.kept ? [model.kept.name] : [])])] : undefined;
}
