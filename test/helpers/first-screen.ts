import type { Page } from '@playwright/test';
import { TIMING } from '../../src/state/session/timing.ts';

interface FirstScreen {
  /** the panel that was drawn before every other, and its headline */
  readonly subject: string;
  readonly headline: string;
  /** milliseconds from the navigation's start until it was painted */
  readonly painted: number;
}

/** Runs in the page, before it is loaded: notes which screen is painted first. */
export function watchFirstScreen(): void {
  const watch = new MutationObserver(() => {
    const panel = document.querySelector<HTMLElement>('[data-subject]');
    if (!panel) return;
    watch.disconnect();
    const seen = {
      subject: panel.dataset['subject'],
      headline: panel.querySelector('h1')?.textContent,
    };
    // A frame that begins after the one in which it was drawn.
    requestAnimationFrame(() =>
      requestAnimationFrame((painted) => Object.assign(window, { firstScreen: { ...seen, painted } })),
    );
  });
  watch.observe(document, { subtree: true, childList: true });
}

/** What was painted first, and when the kiosk was ready to look, milliseconds from the navigation's start. */
export const startOf = (page: Page): Promise<FirstScreen & { readonly ready: number }> =>
  page.evaluate((ready) => {
    const at = performance.getEntriesByName(ready)[0]?.startTime ?? Number.POSITIVE_INFINITY;
    return { ...(window as unknown as { firstScreen: FirstScreen }).firstScreen, ready: at };
  }, TIMING.ready);
