/** What can break. `screen`: React cannot draw it; `page`: errors that nobody caught, again and again. */
export const parts = ['engine', 'gallery', 'camera', 'screen', 'page'] as const;
export type Part = (typeof parts)[number];

/** How the kiosk mends itself. Times in milliseconds. */
export interface HealingConfig {
  /** between two looks at what is broken; > 0 */
  readonly tick: number;
  /** two ticks that are further apart: the computer slept or the tab was frozen, and nothing has hung meanwhile */
  readonly asleep: number;
  /** waits before the first retries of a broken part; after the last of them the page is reloaded where it may be. A page that
   * throws has no retry of its own */
  readonly retries: Readonly<Record<Part, readonly number[]>>;
  /** wait before each further retry, for as long as the part is broken */
  readonly retryEvery: number;
  /** a start that tells of no progress for longer has hung */
  readonly silence: { readonly engine: number; readonly gallery: number; readonly camera: number };
  /** frames are wanted, camera and engine run, and none was analysed for longer: recognition has hung */
  readonly blind: number;
  /** a screen that was drawn again and did not break for longer is whole */
  readonly screenSteady: number;
  /** so many uncaught errors within `uncaughtWithin` make the page one that has to be reloaded */
  readonly maxUncaught: number;
  readonly uncaughtWithin: number;
  /** nobody may have used the screen for this long before a reload */
  readonly quiet: number;
  /** least age of a page that reloads itself for the first time; doubles with each reload in a row, up to `reloadAtMost` */
  readonly reloadAfter: number;
  readonly reloadAtMost: number;
  /** a page in which nothing was broken for longer ends the row of reloads */
  readonly steady: number;
  /** least age of a page that reloads at night to try the GPU again: once a night */
  readonly gpuAgainAfter: number;
  /** between two signs of life for whoever watches the browser from outside */
  readonly beatEvery: number;
  /** an engine or a gallery that is broken for longer ends them, so that the browser is started anew */
  readonly beatsBroken: number;
  /** from, to: hours of the kiosk's local time in which the shop is closed; as for updates */
  readonly night: readonly [number, number];
}

const MINUTE = 60_000;
const SOON: readonly number[] = [2_000, 5_000, 15_000, 30_000];

/**
 * `silence`: the slowest start measured takes 20 s between two reports (warm-up of rounz-r50 1.1.0 on two busy cores), and a gallery
 * of 100,000 people opens in 10 s. `blind`: a worker that hangs is replaced after 20 s, and has 40 s the second time.
 */
export const healingConfig: HealingConfig = {
  tick: 1_000,
  asleep: 15_000,
  retries: {
    engine: SOON,
    gallery: SOON,
    // It recovers by itself where it can (`camera/webcam.ts`); a reload may help a capture service that is stuck.
    camera: Array.from({ length: 10 }, () => MINUTE),
    screen: SOON,
    page: [],
  },
  retryEvery: MINUTE,
  silence: { engine: 120_000, gallery: 60_000, camera: 60_000 },
  blind: 90_000,
  screenSteady: 10_000,
  maxUncaught: 5,
  uncaughtWithin: MINUTE,
  quiet: 10_000,
  reloadAfter: 30_000,
  reloadAtMost: 3_600_000,
  steady: 600_000,
  gpuAgainAfter: 6 * 3_600_000,
  beatEvery: 15_000,
  beatsBroken: 30 * MINUTE,
  night: [2, 5],
};
