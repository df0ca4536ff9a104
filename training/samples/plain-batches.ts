import type { Manifest } from '@rounz/core/model/manifest.ts';
import type * as tf from '@tensorflow/tfjs';
import { AUGMENT_PRESETS } from '../augment/config.ts';
import { createPrefetcher } from '../augment/pipeline/prefetch.ts';
import { toImages } from './images.ts';
import { epochOrder, type Split } from './samples.ts';

const BATCH = 64;
const BATCHES = 8;

/**
 * A few batches of training pictures, not augmented; the caller disposes each batch.
 *
 * @param size side that they are shrunk to, pixels
 */
export async function* plainBatches(
  cacheDir: string,
  sets: readonly string[],
  split: Split,
  size: number,
  input: Pick<Manifest['input'], 'mean' | 'scale'>,
): AsyncGenerator<tf.Tensor4D> {
  const prefetcher = createPrefetcher({ cacheDir, sets, augment: AUGMENT_PRESETS.none, size });
  const order = epochOrder(split.train.length, 0, 0);
  try {
    for (let b = 0; b < BATCHES; b++) {
      const rows = Array.from(order.slice(b * BATCH, (b + 1) * BATCH));
      if (rows.length === 0) return;
      const requests = rows.map((row) => ({
        set: split.train[row]!.set,
        index: split.train[row]!.index,
        seed: row,
      }));
      const { pixels } = await prefetcher.request(requests);
      yield toImages(pixels, rows.length, input);
    }
  } finally {
    await prefetcher.close();
  }
}
