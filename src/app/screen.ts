/**
 * A kiosk's screen never sleeps, and it is the whole screen. The lock is lost whenever the page is hidden and whenever the
 * system thinks so, and is asked for again then and with each touch. Full screen needs a touch, so it is asked for with each
 * one until it is there. Where the browser runs as a kiosk, or the page as an installed application, it has both already.
 */
export function keepAwake(): void {
  const stayAwake = createWakeLock();
  document.addEventListener('visibilitychange', stayAwake);
  stayAwake();
  document.addEventListener('click', () => {
    stayAwake();
    const whole = document.fullscreenElement || matchMedia('(display-mode: fullscreen)').matches;
    if (!whole && standing()) void document.documentElement.requestFullscreen?.().catch(() => {});
  });
}

/** Asks for the lock if it is not held. If the system refuses (low battery), it is asked again later. */
function createWakeLock(): () => void {
  let lock: WakeLockSentinel | null = null;
  let asking = false;
  const ask = async (): Promise<void> => {
    const held = lock !== null && !lock.released;
    if (asking || held || document.visibilityState !== 'visible') return;
    asking = true;
    try {
      lock = (await navigator.wakeLock?.request('screen')) ?? null;
      lock?.addEventListener('release', () => void ask(), { once: true });
    } catch {
      lock = null;
    } finally {
      asking = false;
    }
  };
  return () => void ask();
}

/** Whether the device is used by touch. A developer's desk has a mouse, and its window is not made full screen. */
const standing = (): boolean => matchMedia('(pointer: coarse)').matches;
