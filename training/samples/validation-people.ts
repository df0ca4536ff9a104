import { dot } from '@rounz/core/math/vector.ts';
import { AUGMENT_PRESETS, type AugmentPreset } from '../augment/config.ts';
import { createPrefetcher } from '../augment/pipeline/prefetch.ts';
import { openAlignedSets } from '../cache/aligned-set.ts';
import type { TrainConfig } from '../recipes/schema.ts';
import { embedSamples, type OfPixels } from './embed-samples.ts';
import { type Sample, splitSamples } from './samples.ts';

/** False match rates that true accept rates of validation people are told at. */
export const RATES = [0.01, 0.003, 0.001] as const;

/** Side of the crops that a model takes, pixels. */
const CROP_SIDE = 112;

/** The validation people of a recipe: kept from training, and from nothing else. */
export interface ValidationSet {
  /** pictures of one person stand together; the first is the gallery picture */
  readonly samples: readonly Sample[];
  /** What `embed` makes of samples' crops, in their order; the same pictures every time. */
  embed<T>(embed: OfPixels<T>, samples: readonly Sample[], preset: AugmentPreset): Promise<T[]>;
  close(): Promise<void>;
}

/**
 * @param cacheDir aligned faces
 * @param counted sets whose people are taken; all of the recipe's where absent
 */
export function openValidationSet(
  cacheDir: string,
  config: TrainConfig,
  counted: readonly string[] = config.data.sets,
): ValidationSet {
  const sets = openAlignedSets(cacheDir, config.data.sets);
  const { validation } = splitSamples(sets, new Map(), config);
  for (const set of sets) set.close();
  const prefetcher = createPrefetcher({
    cacheDir,
    sets: config.data.sets,
    augment: AUGMENT_PRESETS.none,
    size: CROP_SIDE,
  });
  return {
    samples: validation.filter(({ set }) => counted.includes(set)),
    embed: (embed, samples, preset) => embedSamples(embed, prefetcher, samples, preset),
    close: () => prefetcher.close(),
  };
}

/** Scores of probes against people: the same person, and another one of the same set. */
export interface WithinSets {
  readonly genuine: Float64Array;
  readonly impostor: Float64Array;
}

/** A person with one or more templates; of several, the best score counts. */
export interface Enrolled {
  readonly sample: Sample;
  readonly templates: readonly Float32Array[];
}

/**
 * Compares within each set: a kiosk's pictures all come from one camera in one light, and strangers who were photographed
 * alike score higher than strangers of two sets.
 *
 * @param probes unit length, in the order of `samples`
 */
export function compareWithinSets(
  enrolled: readonly Enrolled[],
  samples: readonly Sample[],
  probes: readonly Float32Array[],
): WithinSets {
  const genuine: number[] = [];
  const impostor: number[] = [];
  samples.forEach(({ person, set }, p) => {
    for (const { sample, templates } of enrolled) {
      if (sample.set !== set && sample.person !== person) continue;
      const score = Math.max(...templates.map((template) => dot(probes[p]!, template)));
      (sample.person === person ? genuine : impostor).push(score);
    }
  });
  return { genuine: Float64Array.from(genuine), impostor: Float64Array.from(impostor) };
}
