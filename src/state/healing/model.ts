import type { HealingConfig, Part } from './config.ts';

/** A part that is broken, and what was tried. Milliseconds of the clock. */
export interface Trouble {
  readonly since: number;
  /** retries so far */
  readonly tries: number;
  /** when it is tried again */
  readonly nextAt: number;
  /** a retry is under way */
  readonly trying: boolean;
  readonly detail: string;
  /** another window of this browser has it: it is asked for again, and no reload of this page would help */
  readonly elsewhere: boolean;
}

export interface HealingModel {
  readonly troubles: Readonly<Partial<Record<Part, Trouble>>>;
  /** the last sign of life of a part that is starting; absent: it is not starting */
  readonly starting: Readonly<Partial<Record<Part, number>>>;
  /** when a frame was last analysed, or none was wanted */
  readonly seenAt: number;
  /** of the uncaught errors that count still */
  readonly uncaught: readonly number[];
  readonly startedAt: number;
  readonly tickedAt: number;
  /** the last sign of life */
  readonly beatAt: number;
  /** reloads in a row by the kiosk itself, this page's own included */
  readonly reloads: number;
  /** since when nothing has been broken; null while something is */
  readonly wellSince: number | null;
}

/** What happens around the kiosk at a tick. */
export interface Surroundings {
  /** milliseconds since anybody used the screen; null while a customer or staff do */
  readonly quietFor: number | null;
  /** frames are wanted and camera, engine and page are there to give them */
  readonly framesWanted: boolean;
  /** local hour, 0..23 */
  readonly hour: number;
  /** the kiosk computes without the GPU that it had */
  readonly withoutGpu: boolean;
}

export type HealingEvent =
  | { readonly type: 'starting' | 'progress' | 'well'; readonly part: Part; readonly at: number }
  | {
      readonly type: 'failed';
      readonly part: Part;
      readonly detail: string;
      readonly elsewhere?: boolean;
      readonly at: number;
    }
  | { readonly type: 'frame'; readonly at: number }
  | { readonly type: 'uncaught'; readonly detail: string; readonly at: number }
  | ({ readonly type: 'tick'; readonly at: number } & Surroundings);

/** What is to be done now. */
export type Act =
  | { readonly kind: 'retry'; readonly part: Part }
  | { readonly kind: 'reload'; readonly why: string }
  /** a sign of life for whoever watches the browser from outside */
  | { readonly kind: 'beat' }
  /** the row of reloads is over */
  | { readonly kind: 'settled' };

export interface Healed {
  readonly model: HealingModel;
  readonly acts: readonly Act[];
}

/** @param reloads in a row before this page */
export const initialHealing = (at: number, reloads: number): HealingModel => ({
  troubles: {},
  starting: {},
  seenAt: at,
  uncaught: [],
  startedAt: at,
  tickedAt: at,
  beatAt: Number.NEGATIVE_INFINITY,
  reloads,
  wellSince: at,
});

/** Least age of the page before its own reload, milliseconds. */
export const reloadSpacing = (reloads: number, { reloadAfter, reloadAtMost }: HealingConfig): number =>
  Math.min(reloadAtMost, reloadAfter * 2 ** reloads);

/** Wait before the part's next retry after so many, milliseconds. */
export const waitAfter = (part: Part, tries: number, { retries, retryEvery }: HealingConfig): number =>
  retries[part][tries] ?? retryEvery;
