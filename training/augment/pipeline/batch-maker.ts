import { createRng } from '@rounz/core/math/random.ts';
import { openAlignedSets } from '../../cache/aligned-set.ts';
import { AUGMENT_PRESETS } from '../config.ts';
import { ACCESSORY_LABELS, type Augmenter, createAugmenter } from './pipeline.ts';
import { type Batch, type WorkerJob, type WorkerSetup, writeLabels } from './prefetch-protocol.ts';

/**
 * Opens the sets and takes working memory.
 *
 * @returns makes one batch after another; it throws where a set or a row does not exist
 * @throws Error where a set does not exist
 */
export function createBatchMaker({
  cacheDir,
  sets,
  augment,
  bare: wantsBare,
}: WorkerSetup): (job: WorkerJob) => Batch {
  const opened = new Map(openAlignedSets(cacheDir, sets).map((set) => [set.name, set]));
  const augmenters = new Map<string, Augmenter>();
  const augmenterOf = (preset: keyof typeof AUGMENT_PRESETS | undefined): Augmenter => {
    const key = preset ?? 'own';
    let augmenter = augmenters.get(key);
    if (augmenter === undefined) {
      augmenter = createAugmenter(preset === undefined ? augment : AUGMENT_PRESETS[preset]);
      augmenters.set(key, augmenter);
    }
    return augmenter;
  };

  return ({ size, samples }) => {
    const bytes = size * size * 3;
    const pixels = new Uint8ClampedArray(samples.length * bytes);
    const bare = wantsBare ? new Uint8ClampedArray(samples.length * bytes) : undefined;
    const accessories = new Uint8Array(samples.length * ACCESSORY_LABELS.length);
    samples.forEach(({ set: name, index, seed, preset }, row) => {
      const set = opened.get(name);
      if (set === undefined)
        throw new Error(`The set ${name} was not among those opened: ${sets.join(', ')}.`);
      const out = pixels.subarray(row * bytes, (row + 1) * bytes);
      const plain = bare?.subarray(row * bytes, (row + 1) * bytes);
      const rng = createRng(seed);
      const [crop, mesh] = [set.readCrop(index), set.readMesh(index)];
      const drawn = augmenterOf(preset).augment(crop, mesh, rng, size, out, plain);
      writeLabels(accessories, row, drawn.accessories);
    });
    return { pixels, accessories, size, ...(bare ? { bare } : {}) };
  };
}
