import { type Clock, localHour } from '@rounz/core/time/clock.ts';
import type { HealingHands } from '../state/healing/kiosk-healing.ts';
import type { Kiosk } from '../state/kiosk-types.ts';
import type { VisionBackend } from '../vision/protocol.ts';

const RELOADS = 'rounz-reloads';
const GPU = 'rounz-gpu';
const HEARTBEAT = 'rounz-heartbeat';

/** A browser may forbid storage, or have no room: then nothing is kept. */
function tryTo<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

const noteIn = (name: string) => ({
  read: () => tryTo(() => localStorage.getItem(name), null),
  write: (text: string) => tryTo(() => localStorage.setItem(name, text), undefined),
});

/** What is kept beside the gallery, none of it of customers. */
export const browserNotes = { view: noteIn('rounz-view'), backup: noteIn('rounz-backup') };

/** @param forced the backend that the address asks for: its lack of a GPU is no fault */
export const browserHands = (forced: VisionBackend | undefined, clock: Clock): HealingHands => ({
  memory: {
    read: () => tryTo(() => sessionStorage.getItem(RELOADS), null),
    write: (text) =>
      tryTo(() => {
        sessionStorage.setItem(RELOADS, text);
        return true;
      }, false),
  },
  gpu: {
    had: () => forced === undefined && tryTo(() => localStorage.getItem(GPU) !== null, false),
    keep: () => tryTo(() => localStorage.setItem(GPU, 'seen'), undefined),
  },
  reload: () => window.location.reload(),
  // The watcher of the guide (`watchdog/`) looks at when the browser last wrote the page's local storage.
  beat: () => tryTo(() => localStorage.setItem(HEARTBEAT, clock.date()), undefined),
  visible: () => document.visibilityState === 'visible',
  hour: () => localHour(clock),
});

/** Tells the kiosk of errors that nobody caught, and of every touch. */
export function feedHealing({ healing }: Pick<Kiosk, 'healing'>): void {
  window.addEventListener('error', ({ error, message }) => {
    // Browsers report so that they measure a size again in the next frame: no fault.
    if (!message.startsWith('ResizeObserver loop')) healing.uncaught(error ?? message);
  });
  window.addEventListener('unhandledrejection', ({ reason }) => healing.uncaught(reason));
  for (const type of ['pointerdown', 'keydown'])
    window.addEventListener(type, healing.touched, { capture: true, passive: true });
}
