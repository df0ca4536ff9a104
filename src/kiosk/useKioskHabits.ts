import { useEffect } from 'react';

/** Browser shortcuts for zoom, print, search and save, which a shopper does not need. */
const BROWSER_KEYS = new Set(['+', '-', '=', '0', 'p', 's', 'f', 'g', 'o', 'u', 'j', 'h', 'd']);

const prevent = (event: Event) => event.preventDefault();
const onWheel = (event: WheelEvent) => {
  if (event.ctrlKey) event.preventDefault();
};
const onKey = (event: KeyboardEvent) => {
  const shortcut = (event.ctrlKey || event.metaKey) && BROWSER_KEYS.has(event.key.toLowerCase());
  if (shortcut || (event.altKey && event.key.startsWith('Arrow'))) event.preventDefault();
};
/** Gestures with two fingers are ignored. */
const onTouch = (event: TouchEvent) => {
  if (event.touches.length > 1 && event.cancelable) event.preventDefault();
};

/** Turns off what a kiosk does not allow: context menus, pinch zoom, dragging, browser shortcuts. */
export function useKioskHabits(): void {
  useEffect(() => {
    const off = new AbortController();
    const { signal } = off;
    for (const name of ['contextmenu', 'dragstart', 'gesturestart'])
      document.addEventListener(name, prevent, { signal });
    document.addEventListener('wheel', onWheel, { signal, passive: false });
    document.addEventListener('touchmove', onTouch, { signal, passive: false });
    document.addEventListener('keydown', onKey, { signal });
    return () => off.abort();
  }, []);
}
