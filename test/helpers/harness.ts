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

/** One screen, as it is looked at. */
export interface Shot {
  readonly name: ScreenName;
  readonly mode: ModeName;
  readonly language: 'ko' | 'en';
}

/** The kiosk's screens on a page of that size. */
export interface Gallery {
  readonly page: Page;
  /** Puts a screen there and waits until it is drawn. */
  show(name: ScreenName, mode?: ModeName, language?: 'ko' | 'en'): Promise<void>;
  /**
   * Shows each of these and runs `measure` in the page on it, in each further frame as long as it gives null: all of them in one call
   * of the page, for Playwright's account of a call costs nearly as much as a screen. The last one stays.
   */
  measureEach<T>(shots: readonly Shot[], measure: () => T | null): Promise<T[]>;
  /** Goes to the enrolment, which asks the customer to take their glasses off; from there no `show` leads back. */
  showTakeOff(language: 'ko' | 'en'): Promise<void>;
  /** console errors and uncaught exceptions */
  readonly errors: readonly string[];
}

/** Frames that a busy machine may take until a screen can be measured. */
const PATIENCE = 1_200;

/** Runs in the page. */
async function measureInPage<T>(
  shots: readonly Shot[],
  measure: () => T | null,
  patience: number,
): Promise<T[]> {
  const found: T[] = [];
  for (const { name, mode, language } of shots) {
    await (window as HarnessWindow).harness!.show(name, mode, language);
    let one = measure();
    for (let frames = 0; one === null && frames < patience; frames++) {
      await new Promise(requestAnimationFrame);
      one = measure();
    }
    if (one === null)
      throw new Error(`The screen ${name} cannot be measured: it is empty, or never at rest.`);
    found.push(one);
  }
  return found;
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
    timeout: 180_000,
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
    measureEach: (shots, measure) =>
      page.evaluate(`(${measureInPage})(${JSON.stringify(shots)}, ${measure}, ${PATIENCE})`),
    showTakeOff: (language) =>
      page.evaluate((tongue) => (window as HarnessWindow).harness!.showTakeOff(tongue), language),
  };
}
