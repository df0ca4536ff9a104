import type { InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import * as tf from '@tensorflow/tfjs';
import type { AugmentPreset } from './augment/config.ts';
import type { Prefetcher } from './augment/prefetch.ts';
import { dot } from './evaluation/recogniser.ts';
import { toImages } from './images.ts';
import type { Sample } from './samples.ts';

/** Gallery: every person's first picture as it is. Probes: their other pictures, each with a drawn outfit. */
export interface ValidationResult {
  /** share of genuine pairs above the threshold that 1 % of impostor pairs pass */
  readonly tarAtFmr1: number;
  /** the same at 0.1 % */
  readonly tarAtFmr01: number;
  readonly genuinePairs: number;
  readonly impostorPairs: number;
}

const BATCH = 64;

async function embedAll(
  network: InferenceNetwork,
  prefetcher: Prefetcher,
  samples: readonly Sample[],
  preset: AugmentPreset,
): Promise<Float32Array[]> {
  const embeddings: Float32Array[] = [];
  for (let start = 0; start < samples.length; start += BATCH) {
    const part = samples.slice(start, start + BATCH);
    const requests = part.map(({ set, index }, i) => ({ set, index, seed: start + i + 1, preset }));
    const { pixels } = await prefetcher.request(requests);
    const images = toImages(pixels, part.length);
    const output = network.forward(images);
    const values = await output.data<'float32'>();
    const width = output.shape[1];
    for (let row = 0; row < part.length; row++) embeddings.push(values.slice(row * width, (row + 1) * width));
    tf.dispose([images, output]);
  }
  return embeddings;
}

/** Every probe against every gallery picture. */
export async function validate(
  network: InferenceNetwork,
  prefetcher: Prefetcher,
  samples: readonly Sample[],
): Promise<ValidationResult> {
  const gallery = samples.filter((sample, i) => samples[i - 1]?.person !== sample.person);
  const probes = samples.filter((sample) => !gallery.includes(sample));
  const galleryEmbeddings = await embedAll(network, prefetcher, gallery, 'none');
  const probeEmbeddings = await embedAll(network, prefetcher, probes, 'worn');
  const genuine: number[] = [];
  const impostor: number[] = [];
  probes.forEach((probe, p) => {
    gallery.forEach((face, g) => {
      const score = dot(probeEmbeddings[p]!, galleryEmbeddings[g]!);
      (probe.person === face.person ? genuine : impostor).push(score);
    });
  });
  impostor.sort((a, b) => b - a);
  const tar = (fmr: number): number => {
    const threshold = impostor[Math.floor(impostor.length * fmr)] ?? Number.POSITIVE_INFINITY;
    return genuine.filter((score) => score > threshold).length / genuine.length;
  };
  return {
    tarAtFmr1: tar(0.01),
    tarAtFmr01: tar(0.001),
    genuinePairs: genuine.length,
    impostorPairs: impostor.length,
  };
}
