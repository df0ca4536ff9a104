import type { BackendRace } from '@rounz/core/model/backend-race.ts';

/** How long a whole decision took with a model, on this machine and its backend. */
export interface MeasuredModel {
  readonly name: string;
  readonly milliseconds: number;
  readonly backend: 'webgpu' | 'wasm';
}

/** Which recogniser this gallery was set up with, and why. */
export interface ModelChoice {
  /** as `models.json` names it; all versions of a model have the same name */
  readonly name: string;
  /**
   * `measured`: the first whose decision was within the limit, else the last; `only-one`: there was no other; `gallery`: people
   * were enrolled before a choice was kept; `staff`: they changed it in the set-up
   */
  readonly reason: 'measured' | 'only-one' | 'gallery' | 'staff';
  /** ISO 8601, UTC */
  readonly at: string;
  /** longest decision that was allowed, milliseconds */
  readonly limit: number;
  /** the models that were tried, in order of preference; empty where nothing was measured */
  readonly measured: readonly MeasuredModel[];
  /** models that were not tried because they want a graphics device, and there was none; absent in older choices */
  readonly passedOver?: readonly string[] | undefined;
}

/** What a start needs to know of the recogniser, before everybody has been read. */
export interface KeptRecogniser {
  readonly choice: ModelChoice | null;
  readonly race: BackendRace | null;
}

/** The recogniser to which this gallery belongs. It is kept once; staff alone change it (`StaffDesk.setRecogniser`). */
export interface ModelRecord {
  /** null where none was kept yet */
  choice(): ModelChoice | null;
  /** templates that are here, counted by the sha256 of the weights that made them */
  templatesBy(): ReadonlyMap<string, number>;
  /** Writes the choice and its line in the log. @throws GalleryError `already-set` where there is one */
  keep(choice: ModelChoice): Promise<void>;
  /** the last race of the browser's backends; null where none was kept */
  race(): BackendRace | null;
  /** Keeps a race beside the choice, in place of the one before. */
  keepRace(race: BackendRace): Promise<void>;
}
