import { type ConvUnit, EMBEDDING_LAYER, type NetworkPlan, slopeOf } from '@rounz/core/model/architecture.ts';
import { convUnit } from '@rounz/core/model/conv-unit.ts';
import { checkMap, InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import { lastMap } from '@rounz/core/model/walk.ts';
import {
  checkFoldedWeights,
  type HostWeights,
  type TrainingVariables,
  toHost,
  toVariables,
} from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { unitRows } from '../loss/unit-rows.ts';
import { parameterOps } from '../optim/parameter-ops.ts';
import { type Forward, inFirstStages, type TrainedNetwork } from './network-state.ts';

/**
 * A network whose norms are folded into its layers, under training: for finished networks that are tuned further. Nothing
 * depends on the batch, each layer is one step, and what is exported is what was trained.
 */
export class FoldedNetwork implements TrainedNetwork {
  private readonly plan: NetworkPlan;
  private readonly variables: TrainingVariables;
  private readonly averaged: TrainingVariables;
  private readonly frozenBlocks: number;
  private readonly frozen: (name: string) => boolean;
  private readonly ops = parameterOps();

  /**
   * @param frozenStages with the stem, so many stages at the picture's end keep what they came with; undefined: none
   * @param blocks of each stage of the architecture
   */
  constructor(
    plan: NetworkPlan,
    weights: HostWeights,
    averaged: HostWeights,
    frozenStages?: number,
    blocks: readonly number[] = [],
  ) {
    checkFoldedWeights(plan, weights);
    this.plan = plan;
    this.variables = toVariables(weights);
    this.averaged = toVariables(averaged);
    this.frozenBlocks = blocks.slice(0, frozenStages ?? 0).reduce((sum, count) => sum + count, 0);
    this.frozen = frozenStages === undefined ? () => false : inFirstStages(frozenStages);
  }

  trainable(): Map<string, tf.Variable> {
    return new Map([...this.variables].filter(([name]) => !this.frozen(name)));
  }

  prepare(images: tf.Tensor4D): tf.Tensor4D {
    if (this.frozenBlocks === 0) return tf.clone(images);
    const first = { ...this.plan, blocks: this.plan.blocks.slice(0, this.frozenBlocks) };
    return tf.tidy(() =>
      lastMap(first, images, { apply: this.apply(this.variables), discard: (map) => map.dispose() }),
    );
  }

  forward(prepared: tf.Tensor4D): Forward {
    return this.pass(this.variables, prepared, this.frozenBlocks || undefined);
  }

  follow(keep: number, steps: number): void {
    const share = Math.min(keep, (1 + steps) / (10 + steps));
    for (const [name, average] of this.averaged)
      if (!this.frozen(name)) this.ops.average(average, this.variables.get(name)!, share);
  }

  isBackbone(name: string): boolean {
    return this.variables.has(name) && !name.startsWith(EMBEDDING_LAYER);
  }

  followerEmbeddings(images: tf.Tensor4D): tf.Tensor2D {
    return tf.tidy(() => unitRows(this.pass(this.averaged, images).embeddings));
  }

  async weights(): Promise<HostWeights> {
    return toHost(this.variables);
  }

  async averagedWeights(): Promise<HostWeights> {
    return toHost(this.averaged);
  }

  async inference(): Promise<InferenceNetwork> {
    return new InferenceNetwork(this.plan, await this.averagedWeights());
  }

  dispose(): void {
    for (const map of [this.variables, this.averaged])
      for (const variable of map.values()) variable.dispose();
  }

  private apply(variables: TrainingVariables) {
    return (x: tf.Tensor4D, unit: ConvUnit, added?: tf.Tensor4D): tf.Tensor4D => {
      const kernel = get(variables, `${unit.conv}.kernel`) as tf.Tensor as tf.Tensor4D;
      const bias = get(variables, `${unit.conv}.bias`) as tf.Tensor as tf.Tensor1D;
      const slope = slopeOf(unit);
      const slopes = slope ? (get(variables, slope) as tf.Tensor as tf.Tensor1D) : undefined;
      return convUnit(x, kernel, bias, added, unit, slopes);
    };
  }

  private pass(variables: TrainingVariables, x: tf.Tensor4D, from?: number): Forward {
    const apply = this.apply(variables);
    const map = lastMap(this.plan, x, { apply }, from);
    const { head, features } = this.plan;
    if (head.kind === 'weighted') checkMap(head.pool, map);
    const neck = head.kind === 'weighted' ? apply(map, head.neck) : undefined;
    const pooled =
      head.kind === 'weighted'
        ? tf.reshape(apply(neck!, head.pool), [x.shape[0], features])
        : tf.mean(map, [1, 2]);
    const kernel = get(variables, `${EMBEDDING_LAYER}.kernel`) as tf.Tensor as tf.Tensor2D;
    const embeddings = tf.add<tf.Tensor2D>(
      tf.matMul(pooled as tf.Tensor2D, kernel),
      get(variables, `${EMBEDDING_LAYER}.bias`),
    );
    return neck ? { embeddings, neck, map } : { embeddings };
  }
}

function get(variables: TrainingVariables, name: string): tf.Variable {
  const variable = variables.get(name);
  if (!variable)
    throw new Error(`The network's weight ${name} is missing; the variables are of another plan.`);
  return variable;
}
