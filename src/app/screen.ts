/**
 * A kiosk's screen never sleeps, and the page fills it. The system takes the wake lock away when the page is hidden, and may do so
 * at any time; the page then asks again, and with each touch. Full screen needs a touch, so the page asks with each one until it
 * has it. A browser in kiosk mode, or an installed application, has both already.
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
