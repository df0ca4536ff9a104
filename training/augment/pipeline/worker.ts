import { parentPort, workerData } from 'node:worker_threads';
import { errorMessage } from '@rounz/core/error-message.ts';
import { createRng } from '@rounz/core/math/random.ts';
import { openAlignedSets } from '../../cache/aligned-set.ts';
import { AUGMENT_PRESETS } from '../config.ts';
import { ACCESSORY_LABELS, type Augmenter, createAugmenter } from './pipeline.ts';
import {
  type Batch,
  type WorkerAnswer,
  type WorkerJob,
  type WorkerSetup,
  writeLabels,
} from './prefetch-protocol.ts';

/** The thread's own files and working memory; the jobs come one after another. */
function createWorker({ cacheDir, sets, augment, bare: wantsBare }: WorkerSetup): (job: WorkerJob) => Batch {
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

const port = parentPort;
if (port === null) throw new Error('worker.ts runs in a worker thread only; use createPrefetcher.');
const work = createWorker(workerData as WorkerSetup);
port.on('message', (job: WorkerJob) => {
  try {
    const batch = work(job);
    const answer: WorkerAnswer = { kind: 'batch', id: job.id, batch };
    const arrays = [batch.pixels, batch.accessories, ...(batch.bare ? [batch.bare] : [])];
    port.postMessage(
      answer,
      arrays.map(({ buffer }) => buffer as ArrayBuffer),
    );
  } catch (error) {
    const message = errorMessage(error);
    port.postMessage({ kind: 'failed', id: job.id, message } satisfies WorkerAnswer);
  }
});
