import type { HostTensor } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { createRng } from './augment/rng.ts';
import type { TrainConfig } from './config.ts';
import { arcFaceLoss } from './loss/arcface.ts';
import { type DistillationLosses, distillationLosses } from './loss/distillation.ts';
import { normSpread } from './loss/norm-spread.ts';
import type { Sample } from './samples.ts';

const CENTRES = 'arcface.centres';

export interface LossParts {
  readonly total: tf.Scalar;
  readonly distillation: tf.Scalar;
  readonly distance: tf.Scalar;
  readonly arcface: tf.Scalar;
  readonly spread: tf.Scalar;
}

/** The losses of a run and their own variables (class centres). */
export class Objective {
  private readonly config: TrainConfig;
  private readonly width: number;
  private readonly centres: tf.Variable | undefined;

  /**
   * @param starts a start for each class's centre; random where undefined
   * @param restored variables of a checkpoint
   */
  constructor(
    config: TrainConfig,
    starts: readonly (Float32Array | undefined)[],
    restored?: ReadonlyMap<string, HostTensor>,
  ) {
    this.config = config;
    this.width = config.architecture.embeddingSize;
    if (config.losses.arcface.weight > 0 && starts.length > 1) {
      this.centres = this.startCentres(starts, restored?.get(CENTRES));
    }
  }

  variables(): Map<string, tf.Variable> {
    return new Map(this.centres ? [[CENTRES, this.centres]] : []);
  }

  /** Losses of one batch, to be called inside the gradient's scope; `total` is differentiable. */
  losses(embeddings: tf.Tensor2D, samples: readonly Sample[], imagesSeen: number): LossParts {
    const { distillation, arcface, spread } = this.config.losses;
    const zero = tf.scalar(0);
    const taught = distillation.weight + distillation.distanceWeight > 0;
    const distilled = taught ? this.distil(embeddings, samples) : { direction: zero, distance: zero };
    const classified = this.centres ? this.classify(embeddings, this.centres, samples, imagesSeen) : zero;
    const spreading = normSpread(embeddings);
    const total = tf.addN([
      tf.mul(distilled.direction, distillation.weight),
      tf.mul(distilled.distance, distillation.distanceWeight),
      tf.mul(classified, arcface.weight),
      tf.mul(spreading, spread.weight),
    ]) as tf.Scalar;
    return {
      total,
      distillation: distilled.direction,
      distance: distilled.distance,
      arcface: classified,
      spread: spreading,
    };
  }

  dispose(): void {
    this.centres?.dispose();
  }

  private startCentres(
    starts: readonly (Float32Array | undefined)[],
    restored: HostTensor | undefined,
  ): tf.Variable {
    const { seed } = this.config;
    const shape: [number, number] = [starts.length, this.width];
    if (restored && restored.shape.join() === shape.join()) {
      return tf.tidy(() => tf.variable(tf.tensor(restored.data, shape)));
    }
    const rng = createRng(seed + 17);
    const values = Float32Array.from({ length: starts.length * this.width }, () => rng.between(-0.05, 0.05));
    starts.forEach((start, row) => {
      if (start) values.set(start, row * this.width);
    });
    return tf.tidy(() => tf.variable(tf.tensor(values, shape)));
  }

  private distil(embeddings: tf.Tensor2D, samples: readonly Sample[]): DistillationLosses {
    const targets = new Float32Array(samples.length * this.width);
    samples.forEach(({ target }, row) => {
      if (target) targets.set(target, row * this.width);
    });
    const present = tf.tensor1d(samples.map(({ target }) => (target ? 1 : 0)));
    return distillationLosses(embeddings, tf.tensor2d(targets, [samples.length, this.width]), present);
  }

  private classify(
    embeddings: tf.Tensor2D,
    centres: tf.Variable,
    samples: readonly Sample[],
    imagesSeen: number,
  ): tf.Scalar {
    const { scale, margin, marginWarmupImages } = this.config.losses.arcface;
    const grown = marginWarmupImages > 0 ? Math.min(1, imagesSeen / marginWarmupImages) : 1;
    const labels = samples.map(({ label }) => label);
    return arcFaceLoss(embeddings, centres as unknown as tf.Tensor2D, labels, {
      scale,
      margin: margin * grown,
    });
  }
}
