import { useEffect } from 'react';

/** What a key event says of itself; `altGraph`: a character of a layout's third level is typed, e.g. @ on a German one. */
export interface Keystroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly altGraph: boolean;
}

/** With Ctrl or the command key these edit a field and do nothing to the browser. */
const EDITING: ReadonlySet<string> = new Set([
  'a',
  'c',
  'v',
  'x',
  'y',
  'z',
  'arrowleft',
  'arrowright',
  'arrowup',
  'arrowdown',
  'backspace',
  'delete',
  'home',
  'end',
]);
const FUNCTION_KEY = /^F\d{1,2}$/;
/** Keys of media keyboards that leave the page: BrowserBack, BrowserRefresh, BrowserSearch, LaunchMail. */
const LEAVING_KEY = /^(Browser|Launch)/;

/** Whether a keystroke is a browser's shortcut: developer tools, address bar, reload, history, zoom, print, tabs. */
export function isShortcut({ key, ctrlKey, metaKey, altKey, shiftKey, altGraph }: Keystroke): boolean {
  if (FUNCTION_KEY.test(key) || LEAVING_KEY.test(key)) return true;
  if (altGraph) return false;
  if (altKey) return true;
  if (!(ctrlKey || metaKey) || ['Control', 'Meta', 'Shift'].includes(key)) return false;
  // Ctrl+Shift+C opens the developer tools and Ctrl+Shift+Delete clears the browser's data; an arrow with Shift marks text.
  return (shiftKey && !key.startsWith('Arrow')) || !EDITING.has(key.toLowerCase());
}

const prevent = (event: Event) => event.preventDefault();
const onWheel = (event: WheelEvent) => {
  if (event.ctrlKey) event.preventDefault();
};
const onKey = (event: KeyboardEvent) => {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  const altGraph = event.getModifierState('AltGraph');
  if (isShortcut({ key, ctrlKey, metaKey, altKey, shiftKey, altGraph })) event.preventDefault();
};
/** Gestures with two fingers are ignored. */
const onTouch = (event: TouchEvent) => {
  if (event.touches.length > 1 && event.cancelable) event.preventDefault();
};

/**
 * Holds back, on every screen and in the staff's rooms too, what a browser offers and a kiosk does not: shortcuts, context
 * menus, pinch zoom, dragging. What a browser keeps to itself (Ctrl+N, Ctrl+T, Ctrl+W) is for its kiosk mode to hold back.
 */
export function useHeldBack(): void {
  useEffect(() => {
    const off = new AbortController();
    const { signal } = off;
    for (const name of ['contextmenu', 'dragstart', 'gesturestart'])
      document.addEventListener(name, prevent, { signal });
    document.addEventListener('wheel', onWheel, { signal, passive: false });
    document.addEventListener('touchmove', onTouch, { signal, passive: false });
    // Before any listener that stops the event.
    window.addEventListener('keydown', onKey, { signal, capture: true });
    return () => off.abort();
  }, []);
}
