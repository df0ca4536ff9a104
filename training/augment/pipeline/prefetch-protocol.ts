import type { AugmentConfig, AugmentPreset } from '../config.ts';
import { ACCESSORY_LABELS, type DrawnAccessories } from './pipeline.ts';

/** One picture of a batch. */
export interface SampleRequest {
  /** name of a cached set */
  readonly set: string;
  /** row in that set */
  readonly index: number;
  /** the picture's own seed: with it the result is fixed, whatever the thread */
  readonly seed: number;
  /** instead of the prefetcher's own configuration; `none` for the bare, aligned face */
  readonly preset?: AugmentPreset;
}

export interface Batch {
  /** RGB, `n * size * size * 3`, in the order of the request */
  readonly pixels: Uint8ClampedArray;
  /** 0 or 1, `n * ACCESSORY_LABELS.length`: what was drawn */
  readonly accessories: Uint8Array;
  /** where the prefetcher was told to: the same pictures bare and undegraded, in the same shift, turn, scale and mirroring */
  readonly bare?: Uint8ClampedArray;
  /** side, pixels, at the time of the request */
  readonly size: number;
}

/** What a thread is started with. */
export interface WorkerSetup {
  readonly cacheDir: string;
  readonly sets: readonly string[];
  readonly augment: AugmentConfig;
  readonly bare: boolean;
}

export interface WorkerJob {
  readonly id: number;
  readonly size: number;
  readonly samples: readonly SampleRequest[];
}

export type WorkerAnswer =
  | { readonly kind: 'batch'; readonly id: number; readonly batch: Batch }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** Writes one picture's labels into its row of a batch. */
export function writeLabels(out: Uint8Array, row: number, drawn: DrawnAccessories): void {
  ACCESSORY_LABELS.forEach((label, i) => {
    out[row * ACCESSORY_LABELS.length + i] = drawn[label] ? 1 : 0;
  });
}
