import { GALLERY } from '../base/config.ts';
import { GalleryError } from '../base/errors.ts';

/** Galleries that this window holds, or is opening. */
const held = new Set<string>();

/**
 * Holds a gallery for this window alone: each window has all people in memory, and two would write back what the other has
 * changed or erased. A browser lets the lock go when the window is closed, reloaded or has crashed.
 *
 * @returns what lets it go. @throws GalleryError `held-elsewhere`
 */
export async function holdGallery(name: string): Promise<() => void> {
  const mine = held.has(name);
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks;
  const release = locks ? await requested(locks, `${name} holder`) : mine ? null : () => {};
  if (!release) throw locks && mine ? stillOpening() : heldElsewhere();
  held.add(name);
  return () => {
    held.delete(name);
    release();
  };
}

/** A window that is being reloaded lets its lock go a moment later, so it is waited for. null: somebody else has it. */
async function requested(locks: LockManager, name: string): Promise<(() => void) | null> {
  const signal = AbortSignal.timeout(GALLERY.holdWithin);
  return new Promise((resolve, reject) => {
    const holding = () => new Promise<void>((release) => resolve(release));
    locks
      .request(name, { signal }, holding)
      .catch((error: unknown) => (signal.aborted ? resolve(null) : reject(error)));
  });
}

const heldElsewhere = (): GalleryError =>
  new GalleryError(
    'held-elsewhere',
    'Another window or tab of this browser has the kiosk open, and only one at a time may keep its records. ' +
      'Close the other one; this one then goes on by itself.',
  );

const stillOpening = (): GalleryError =>
  new GalleryError(
    'unavailable',
    'An earlier try to open the gallery in this window has not come to an end. Reload the kiosk.',
  );
