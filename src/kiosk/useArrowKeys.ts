import { useEffect } from 'react';

const FOCUSABLE = 'a[href], button:not([disabled]), input:not([disabled]), [tabindex="0"]';
const steps: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowRight: 1,
  ArrowUp: -1,
  ArrowLeft: -1,
};

/** In a field and among radio buttons left and right keep their meaning; up and down move the focus. */
const keepsArrows = (element: Element | null, key: string): boolean =>
  element instanceof HTMLInputElement && (key === 'ArrowLeft' || key === 'ArrowRight');

/** The controls that can take the focus: those of an open dialog, else of the page; one for each radio group. */
function reachable(): HTMLElement[] {
  const within = document.querySelector('dialog[open]') ?? document;
  return [...within.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (element) =>
      element.getClientRects().length > 0 &&
      !(element instanceof HTMLInputElement && element.type === 'radio' && !element.checked),
  );
}

/**
 * Tactile keypads and two-switch devices send arrows and Enter, no Tab: arrows go from control to control, round and round.
 * Enter and Space are the browser's.
 */
export function useArrowKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const step = steps[event.key];
      if (!step || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
      if (keepsArrows(document.activeElement, event.key)) return;
      const controls = reachable();
      if (controls.length === 0) return;
      const here = controls.indexOf(document.activeElement as HTMLElement);
      const next =
        here < 0 && step < 0 ? controls.length - 1 : (here + step + controls.length) % controls.length;
      controls[next]?.focus();
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
