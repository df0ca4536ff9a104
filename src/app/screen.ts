/**
 * A kiosk's screen never sleeps, and it is the whole screen. The lock is lost whenever the page is hidden, so it is asked for
 * again; full screen needs a touch, so it is asked for with each one until it is there. Where the browser runs as a kiosk, or
 * the page as an installed application, it has both already.
 */
export function keepAwake(): void {
  const lock = () => {
    if (document.visibilityState === 'visible') void navigator.wakeLock?.request('screen').catch(() => {});
  };
  document.addEventListener('visibilitychange', lock);
  lock();
  document.addEventListener('click', () => {
    const whole = document.fullscreenElement || matchMedia('(display-mode: fullscreen)').matches;
    if (!whole && standing()) void document.documentElement.requestFullscreen?.().catch(() => {});
  });
}

/** A device that stands in a shop is touched; a developer's desk has a mouse, and keeps its window. */
const standing = (): boolean => matchMedia('(pointer: coarse)').matches;
