import type { Kiosk } from '../state/kiosk-types.ts';
import { TIMING } from '../state/session/timing.ts';

/** Marks in the browser's timeline when the kiosk was first ready to look. */
export function markReady({ session }: Kiosk): void {
  const stop = session.store.subscribe(({ phase }) => {
    if (phase.kind !== 'attract') return;
    performance.mark(TIMING.ready);
    stop();
  });
}
