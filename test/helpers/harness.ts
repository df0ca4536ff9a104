import type { Browser, BrowserContext, Page } from '@playwright/test';
import type { ModeName, ScreenName } from '../kiosk/screens.ts';

/** What `test/kiosk/harness.tsx` puts on its page. */
interface HarnessWindow {
  readonly harness?: {
    readonly show: (name: ScreenName, mode: ModeName, language: string) => Promise<void>;
    readonly showTakeOff: (language: string) => Promise<void>;
  };
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The assumed panel, standing and lying; CSS pixels. */
export const PANELS = {
  portrait: { width: 1080, height: 1920 },
  landscape: { width: 1920, height: 1080 },
} as const satisfies Readonly<Record<string, Size>>;

/** The kiosk's screens on a page of that size. */
export interface Gallery {
  readonly page: Page;
  /** Puts a screen there and waits until it is drawn. */
  show(name: ScreenName, mode?: ModeName, language?: 'ko' | 'en'): Promise<void>;
  /** Goes to the enrolment, which asks the customer to take their glasses off; from there no `show` leads back. */
  showTakeOff(language: 'ko' | 'en'): Promise<void>;
  /** console errors and uncaught exceptions */
  readonly errors: readonly string[];
}

/**
 * Opens the harness, frozen: nothing on it changes by itself.
 *
 * @param scale pixels of a screenshot for each CSS pixel
 * @param prepare runs before the page is opened
 */
export async function openGallery(
  browser: Browser,
  viewport: Size,
  scale = 1,
  prepare?: (context: BrowserContext) => Promise<unknown>,
): Promise<Gallery> {
  const context = await browser.newContext({
    viewport,
    deviceScaleFactor: scale,
    locale: 'ko-KR',
    timezoneId: 'Asia/Seoul',
  });
  await prepare?.(context);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico'))
      errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(`${process.env['HARNESS_URL']}?frozen`);
  // The first visit compiles; a reload that Vite asks for meanwhile must not be met in the middle.
  await page.waitForFunction(() => (window as HarnessWindow).harness !== undefined, undefined, {
    timeout: 60_000,
  });
  await page.waitForLoadState('networkidle');
  return {
    page,
    errors,
    show: (name, mode = 'light', language = 'ko') =>
      page.evaluate(([screen, how, tongue]) => (window as HarnessWindow).harness!.show(screen, how, tongue), [
        name,
        mode,
        language,
      ] as const),
    showTakeOff: (language) =>
      page.evaluate((tongue) => (window as HarnessWindow).harness!.showTakeOff(tongue), language),
  };
}
