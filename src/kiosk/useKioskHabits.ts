import { useEffect } from 'react';

/** Shortcuts by which a browser is made larger, printed, searched or saved; a shopper has no use for any. */
const BROWSER_KEYS = new Set(['+', '-', '=', '0', 'p', 's', 'f', 'g', 'o', 'u', 'j', 'h', 'd']);

const prevent = (event: Event) => event.preventDefault();
const onWheel = (event: WheelEvent) => {
  if (event.ctrlKey) event.preventDefault();
};
const onKey = (event: KeyboardEvent) => {
  const shortcut = (event.ctrlKey || event.metaKey) && BROWSER_KEYS.has(event.key.toLowerCase());
  if (shortcut || (event.altKey && event.key.startsWith('Arrow'))) event.preventDefault();
};
/** Two fingers are no gesture here. */
const onTouch = (event: TouchEvent) => {
  if (event.touches.length > 1 && event.cancelable) event.preventDefault();
};

/** What a web page allows and a kiosk does not: menus, zoom by pinch, dragging, a way out by the browser's shortcuts. */
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
