import { join } from 'node:path';
import { createRng } from '@rounz/core/math/random.ts';
import { planNetwork } from '@rounz/core/model/architecture.ts';
import { unpackWeights } from '@rounz/core/model/weight-file.ts';
import { checkFoldedWeights, type HostWeights, initialWeights } from '@rounz/core/model/weights.ts';
import { findCheckpoint, loadCheckpoint } from '../run/checkpoint.ts';
import { plainBatches } from '../samples/plain-batches.ts';
import type { RunData } from '../samples/run-data.ts';
import { foldedOf } from './export.ts';
import { withTrainedLastLayer } from './last-layer.ts';
import { readModelFolder } from './model-folder.ts';
import { recoverTrainingWeights } from './recover.ts';
import { readSafetensors } from './safetensors.ts';
import { adoptTorchvision } from './torchvision.ts';

/** A start that has been trained already. */
export interface Start {
  readonly weights: HostWeights;
  /** images that they have seen, over all runs of this project */
  readonly imagesSeen: number;
  /** where the first weights came from, where that is to be told */
  readonly origin?: string | undefined;
}

/**
 * Weights to start from: of a run's folder as they are, of an exported model with its norms recovered, or of a `.safetensors`
 * file in torchvision's ResNet naming.
 *
 * @throws Error where they are of another network
 */
export async function startFrom(from: string, cache: string, { config, split }: RunData): Promise<Start> {
  if (from.endsWith('.safetensors')) return foreignStart(from, config);
  const checkpoint = join(from, 'checkpoint');
  if (!findCheckpoint(checkpoint)) {
    const { manifest, weights: stored } = readModelFolder(from);
    const { input, training } = manifest;
    if (config.form === 'folded') {
      const folded = unpackWeights(manifest.tensors, stored);
      checkFoldedWeights(planNetwork(config.architecture), folded);
      return {
        weights: withTrainedLastLayer(from, manifest, folded),
        imagesSeen: training.imagesSeen,
        origin: training.origin,
      };
    }
    // The norms are to do at training what the model does at work, so they are measured at the size that it works at.
    const size = input.networkSize ?? input.size;
    const batches = plainBatches(cache, config.data.sets, split, size, input);
    const weights = await recoverTrainingWeights(from, batches, config);
    return { weights, imagesSeen: training.imagesSeen, origin: training.origin };
  }
  const loaded = loadCheckpoint(checkpoint);
  const { imagesSeen, imagesBefore = 0 } = loaded;
  if (config.form === 'norms' && loaded.config.form === 'folded')
    throw new Error(
      `--init: ${from} trained a network whose norms are folded; export it, and start from the model folder.`,
    );
  const averaged = config.form === 'folded' ? foldedOf(loaded) : loaded.groups['averaged'];
  if (!averaged) throw new Error(`${from} holds a checkpoint without weights; train it first.`);
  return { weights: averaged, imagesSeen: imagesSeen + imagesBefore, origin: loaded.origin };
}

function foreignStart(file: string, { architecture, seed }: RunData['config']): Start {
  const plan = planNetwork(architecture);
  const rng = createRng(seed);
  const random = initialWeights(plan, () => rng.next());
  const { weights, kept, unused } = adoptTorchvision(plan, random, readSafetensors(file));
  console.log(`Started from ${file}. New: ${kept.join(', ')}. Not used: ${unused.join(', ') || 'nothing'}.`);
  return { weights, imagesSeen: 0 };
}
