import type { AlignedCrop } from '@rounz/core/image.ts';
import type { Embedder, EmbeddingRole } from '@rounz/core/model/embedder.ts';
import type { InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import type { Manifest } from '@rounz/core/model/manifest.ts';
import * as tf from '@tensorflow/tfjs';
import type { AugmentPreset } from '../augment/config.ts';
import type { Prefetcher } from '../augment/pipeline/prefetch.ts';
import { toImages } from './images.ts';
import type { Sample } from './samples.ts';

/** Pictures that are embedded together. */
const BATCH = 64;

/** RGB bytes of `count` square pictures in, something for each of them out. */
export type OfPixels<T> = (pixels: Uint8ClampedArray, count: number) => Promise<T[]>;

/** The same for embeddings. */
export type EmbedPixels = OfPixels<Float32Array>;

/** By a network as training has it, at whatever size the pictures come. */
export const byNetwork =
  (network: InferenceNetwork, input: Pick<Manifest['input'], 'mean' | 'scale'>): EmbedPixels =>
  async (pixels, count) => {
    const images = toImages(pixels, count, input);
    const output = network.forward(images);
    const values = await output.data<'float32'>();
    const width = output.shape[1];
    tf.dispose([images, output]);
    return Array.from({ length: count }, (_, row) => values.slice(row * width, (row + 1) * width));
  };

/** By something that takes crops of its own size, as an exported model does. */
export const byCrops =
  <T>(of: (crops: AlignedCrop[]) => Promise<T[]>): OfPixels<T> =>
  (pixels, count) => {
    const bytes = pixels.length / count;
    const size = Math.round(Math.sqrt(bytes / 3));
    return of(
      Array.from({ length: count }, (_, i) => ({ data: pixels.slice(i * bytes, (i + 1) * bytes), size })),
    );
  };

/** By an exported model. */
export const byEmbedder = (embedder: Embedder, role: EmbeddingRole = 'template'): EmbedPixels =>
  byCrops((crops) => embedder.embed(crops, role));

/**
 * Embeds samples in their order, each augmented by `preset` with a seed of its own, so that the same list gives the same
 * pictures every time.
 *
 * @param firstSeed of the seeds, one for each sample
 */
export async function embedSamples<T>(
  embed: OfPixels<T>,
  prefetcher: Prefetcher,
  samples: readonly Pick<Sample, 'set' | 'index'>[],
  preset: AugmentPreset,
  firstSeed = 1,
): Promise<T[]> {
  const embeddings: T[] = [];
  for (let start = 0; start < samples.length; start += BATCH) {
    const part = samples.slice(start, start + BATCH);
    const requests = part.map(({ set, index }, i) => ({ set, index, seed: firstSeed + start + i, preset }));
    const { pixels } = await prefetcher.request(requests);
    embeddings.push(...(await embed(pixels, part.length)));
  }
  return embeddings;
}

/** Each person's first sample, and all others; samples of one person stand together. */
export function galleryAndProbes(samples: readonly Sample[]): { gallery: Sample[]; probes: Sample[] } {
  const isFirst = (sample: Sample, i: number) => samples[i - 1]?.person !== sample.person;
  return { gallery: samples.filter(isFirst), probes: samples.filter((sample, i) => !isFirst(sample, i)) };
}
