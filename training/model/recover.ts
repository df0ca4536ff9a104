import {
  BATCH_NORM_EPSILON,
  convUnits,
  EMBEDDING_LAYER,
  EMBEDDING_NORM,
  type NetworkPlan,
  planNetwork,
  slopeOf,
} from '@rounz/core/model/architecture.ts';
import type { Architecture } from '@rounz/core/model/manifest.ts';
import { forwardTraining } from '@rounz/core/model/training-form.ts';
import { unpackWeights } from '@rounz/core/model/weight-file.ts';
import {
  foldedShapes,
  type HostTensor,
  type HostWeights,
  toHost,
  toVariables,
} from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import type { TrainConfig } from '../recipes/schema.ts';
import { withTrainedLastLayer } from './last-layer.ts';
import { readModelFolder } from './model-folder.ts';

/** The layer whose batch norm was folded into it, by norm. */
function layers(plan: NetworkPlan): [norm: string, layer: string][] {
  const units = convUnits(plan).map((unit): [string, string] => [unit.norm, unit.conv]);
  return [...units, [EMBEDDING_NORM, EMBEDDING_LAYER]];
}

/** What the shapes of the weights depend on: strides change maps alone. */
const shapes = (architecture: Architecture): string =>
  JSON.stringify([...foldedShapes(planNetwork(architecture))]);

/** Folded kernels with neutral norms: the frame that the measured statistics are put into. */
function neutral(plan: NetworkPlan, folded: HostWeights): Map<string, HostTensor> {
  const weights = new Map<string, HostTensor>();
  for (const [norm, layer] of layers(plan)) {
    const [kernel, bias] = [folded.get(`${layer}.kernel`), folded.get(`${layer}.bias`)];
    if (!kernel || !bias) throw new Error(`The model lacks ${layer}; it is of another architecture.`);
    const constant = (value: number): HostTensor => ({
      shape: bias.shape,
      data: new Float32Array(bias.data.length).fill(value),
    });
    weights.set(`${layer}.kernel`, kernel);
    weights.set(`${norm}.gamma`, constant(1));
    weights.set(`${norm}.beta`, bias);
    weights.set(`${norm}.mean`, constant(0));
    weights.set(`${norm}.variance`, constant(1));
  }
  for (const slope of convUnits(plan).flatMap((unit) => slopeOf(unit) ?? []))
    weights.set(slope, folded.get(slope)!);
  return weights;
}

/**
 * Turns a folded model back into a training form that computes the same: the statistics before each norm are measured on
 * pictures, then gamma = sqrt(variance + epsilon) and beta = bias + mean undo what the norm does.
 *
 * @param batches normalised pictures, [batch, side, side, 3] each; a few hundred pictures are enough
 * @throws Error where the model is of another architecture than `config`
 */
export async function recoverTrainingWeights(
  modelFolder: string,
  batches: AsyncIterable<tf.Tensor4D>,
  config: TrainConfig,
): Promise<HostWeights> {
  const { manifest, weights: buffer } = readModelFolder(modelFolder);
  if (shapes(manifest.architecture) !== shapes(config.architecture)) {
    throw new Error(
      `--init: the model is ${JSON.stringify(manifest.architecture)}, the recipe wants ${JSON.stringify(config.architecture)}.`,
    );
  }
  const plan = planNetwork(config.architecture);
  const stored = unpackWeights(manifest.tensors, buffer);
  const folded = withTrainedLastLayer(modelFolder, manifest, stored);
  const weights = neutral(plan, folded);
  const sums = new Map<string, Float32Array>();
  const variables = toVariables(weights);
  const biases = new Map(
    layers(plan).map(([norm, layer]) => [norm, tf.tensor1d(folded.get(`${layer}.bias`)!.data)]),
  );
  let count = 0;
  for await (const images of batches) {
    const measured = tf.tidy(() => {
      const statistics: tf.NamedTensorMap = {};
      forwardTraining(plan, variables, images, {
        kind: 'measure',
        biases,
        onStatistic: (name, value) => {
          statistics[name] = value;
        },
      });
      return statistics;
    });
    for (const [name, value] of Object.entries(measured)) {
      const sum = sums.get(name) ?? new Float32Array(value.size);
      (await value.data<'float32'>()).forEach((v, i) => {
        sum[i]! += v;
      });
      sums.set(name, sum);
    }
    tf.dispose([measured, images]);
    count++;
  }
  if (count === 0) throw new Error('--init needs pictures to measure the network on; there are none.');
  const recovered = new Map(await toHost(variables));
  tf.dispose([...variables.values(), ...biases.values()]);
  for (const [norm, layer] of layers(plan)) {
    const mean = sums.get(`${norm}.mean`)!.map((value) => value / count);
    const variance = sums.get(`${norm}.variance`)!.map((value) => value / count);
    const { shape, data } = folded.get(`${layer}.bias`)!;
    recovered.set(`${norm}.mean`, { shape, data: mean });
    recovered.set(`${norm}.variance`, { shape, data: variance });
    recovered.set(`${norm}.gamma`, { shape, data: variance.map((v) => Math.sqrt(v + BATCH_NORM_EPSILON)) });
    recovered.set(`${norm}.beta`, { shape, data: mean.map((value, c) => value + data[c]!) });
  }
  return recovered;
}
