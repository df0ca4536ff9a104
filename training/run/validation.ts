import { dot } from '@rounz/core/math/vector.ts';
import type { InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import type { Manifest } from '@rounz/core/model/manifest.ts';
import type { Prefetcher } from '../augment/pipeline/prefetch.ts';
import { byNetwork, embedSamples, galleryAndProbes } from '../samples/embed-samples.ts';
import type { Sample } from '../samples/samples.ts';

/** Gallery: every person's first picture as it is. Probes: their other pictures, each with a drawn outfit. */
export interface ValidationResult {
  /** share of genuine pairs above the threshold that 1 % of impostor pairs pass */
  readonly tarAtFmr1: number;
  /** the same at 0.1 % */
  readonly tarAtFmr01: number;
  readonly genuinePairs: number;
  readonly impostorPairs: number;
}

/** Every probe against every gallery picture. */
export async function validate(
  network: InferenceNetwork,
  prefetcher: Prefetcher,
  samples: readonly Sample[],
  input: Pick<Manifest['input'], 'mean' | 'scale'>,
): Promise<ValidationResult> {
  const { gallery, probes } = galleryAndProbes(samples);
  const embed = byNetwork(network, input);
  const galleryEmbeddings = await embedSamples(embed, prefetcher, gallery, 'none');
  const probeEmbeddings = await embedSamples(embed, prefetcher, probes, 'occluded');
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
