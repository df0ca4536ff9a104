import { EMBEDDING_LAYER, type NetworkPlan } from '@rounz/core/model/architecture.ts';
import { foldWeights, InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import { forwardTraining } from '@rounz/core/model/training-form.ts';
import { checkTrainingWeights, type HostWeights, toHost, toVariables } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { unitRows } from '../loss/unit-rows.ts';
import { parameterOps } from '../optim/parameter-ops.ts';

/** Whether a variable belongs to the stem or to the first stages; named as torchvision names them. */
export function inFirstStages(stages: number): (name: string) => boolean {
  const stem = ['conv1.', 'bn1.', 'stem.', 'stem_bn.'];
  const prefixes = [...stem, ...Array.from({ length: stages }, (_, stage) => `layer${stage + 1}.`)];
  return (name) => prefixes.some((prefix) => name.startsWith(prefix));
}

/** What a forward pass for a step gives. */
export interface Forward {
  /** [batch, embeddingSize], not of unit length */
  readonly embeddings: tf.Tensor2D;
  /** [batch, side, side, neck]: the map that a weighted head pools */
  readonly neck?: tf.Tensor4D;
  /** [batch, side, side, channels]: the last map, where there is a neck behind it */
  readonly map?: tf.Tensor4D;
}

/** A network under training, whichever form is trained, with the average of its weights that is evaluated and exported. */
export interface TrainedNetwork {
  /** Variables that gradients change, by name. */
  trainable(): Map<string, tf.Variable>;
  /** What `forward` takes: the pictures, or what frozen first stages make of them; the caller disposes it. */
  prepare(images: tf.Tensor4D): tf.Tensor4D;
  /** One training forward pass, to be called inside the gradient's scope. */
  forward(prepared: tf.Tensor4D, dropout: number, seed: number, keep: number): Forward;
  /** Lets the average follow the weights: Polyak and Juditsky 1992, exponentially. `keep` grows to its value at first. */
  follow(keep: number, steps: number): void;
  /** Whether a pre-trained start has trained this variable already: all but the embedding layer, its norm, and loss variables. */
  isBackbone(name: string): boolean;
  /** Embeddings of unit length [batch, width] by the average of the weights, without gradients; the caller disposes them. */
  followerEmbeddings(images: tf.Tensor4D): tf.Tensor2D;
  weights(): Promise<HostWeights>;
  averagedWeights(): Promise<HostWeights>;
  /** The averaged weights, folded, ready to embed; the caller disposes it. */
  inference(): Promise<InferenceNetwork>;
  dispose(): void;
}

/** A network with its norms apart: its variables, and the average of them that is evaluated and exported. */
export class NetworkState implements TrainedNetwork {
  readonly plan: NetworkPlan;
  readonly variables: ReadonlyMap<string, tf.Variable>;
  private readonly averaged: ReadonlyMap<string, tf.Variable>;
  private readonly ops = parameterOps();

  private readonly frozen: (name: string) => boolean;

  /** @param frozenStages with the stem, so many stages at the picture's end keep what they came with; undefined: none */
  constructor(
    plan: NetworkPlan,
    weights: HostWeights,
    averaged: HostWeights = weights,
    frozenStages?: number,
  ) {
    checkTrainingWeights(plan, weights);
    this.frozen = frozenStages === undefined ? () => false : inFirstStages(frozenStages);
    this.plan = plan;
    this.variables = toVariables(weights);
    this.averaged = toVariables(averaged);
  }

  trainable(): Map<string, tf.Variable> {
    return new Map(
      [...this.variables].filter(([name, variable]) => variable.trainable && !this.frozen(name)),
    );
  }

  prepare(images: tf.Tensor4D): tf.Tensor4D {
    return tf.clone(images);
  }

  /**
   * One training forward pass; batch norm's moving statistics follow.
   *
   * @param keep share of the old statistics that stays
   */
  forward(images: tf.Tensor4D, dropout: number, seed: number, keep: number): Forward {
    const embeddings = forwardTraining(this.plan, this.variables, images, {
      kind: 'train',
      dropout,
      seed,
      onStatistic: (name, value) => this.ops.average(this.variables.get(name)!, value, keep),
    });
    return { embeddings };
  }

  follow(keep: number, steps: number): void {
    const share = Math.min(keep, (1 + steps) / (10 + steps));
    for (const [name, average] of this.averaged) this.ops.average(average, this.variables.get(name)!, share);
  }

  /** Whether a pre-trained start has trained this variable already: all but the embedding layer, its norm, and loss variables. */
  isBackbone(name: string): boolean {
    return this.variables.has(name) && !name.startsWith(EMBEDDING_LAYER);
  }

  /** Embeddings of unit length [batch, width] by the average of the weights, without gradients; the caller disposes them. */
  followerEmbeddings(images: tf.Tensor4D): tf.Tensor2D {
    return tf.tidy(() => unitRows(forwardTraining(this.plan, this.averaged, images, { kind: 'evaluate' })));
  }

  async weights(): Promise<HostWeights> {
    return toHost(this.variables);
  }

  async averagedWeights(): Promise<HostWeights> {
    return toHost(this.averaged);
  }

  /** The averaged weights, folded, ready to embed; the caller disposes it. */
  async inference(): Promise<InferenceNetwork> {
    return new InferenceNetwork(this.plan, foldWeights(this.plan, await this.averagedWeights()));
  }

  dispose(): void {
    for (const map of [this.variables, this.averaged])
      for (const variable of map.values()) variable.dispose();
  }
}
