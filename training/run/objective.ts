import type { HostTensor } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import type { TrainConfig } from '../recipes/schema.ts';
import type { Sample } from '../samples/samples.ts';
import { marginTerms } from './terms/classes.ts';
import { ConsistentTerm } from './terms/consistent.ts';
import { GalleryTerm } from './terms/gallery.ts';
import { pairTerms } from './terms/pairs.ts';
import { PrototypeTerm } from './terms/prototypes.ts';
import { SpreadTerm } from './terms/spread.ts';
import { TeacherTerm } from './terms/teacher.ts';
import type { LossTerm, TermContext } from './terms/term.ts';

export interface LossParts {
  /** the weighted sum, differentiable */
  readonly total: tf.Scalar;
  /** each term's own value, unweighted, by its name in the log */
  readonly parts: Readonly<Record<string, tf.Scalar>>;
}

/** The losses of a run and their own variables (class centres, prototypes). */
export class Objective {
  private readonly terms: readonly LossTerm[];

  /**
   * @param starts a start for each class's centre; random where undefined
   * @param pictures all that the run trains on
   * @param restored variables of a checkpoint
   * @throws Error where the configuration gives weight to no loss that this data can be trained with
   */
  constructor(
    config: TrainConfig,
    starts: readonly (Float32Array | undefined)[],
    pictures: readonly Sample[],
    restored?: ReadonlyMap<string, HostTensor>,
  ) {
    const { losses, architecture, seed } = config;
    const width = architecture.embeddingSize;
    const { weight, distanceWeight } = losses.distillation;
    this.terms = [
      ...(weight + distanceWeight > 0 ? [new TeacherTerm(losses.distillation, width)] : []),
      ...(losses.consistent ? [new ConsistentTerm(losses.consistent)] : []),
      ...(losses.gallery ? [new GalleryTerm(losses.gallery, pictures)] : []),
      ...(starts.length > 1 ? marginTerms(losses, { starts, width, seed, restored }) : []),
      ...pairTerms(losses),
      ...(losses.semiSiamese ? [new PrototypeTerm(losses.semiSiamese, width, restored)] : []),
    ];
    if (this.terms.length === 0) {
      throw new Error(
        'There is nothing to learn: no loss has a weight, or the data has fewer than two people with enough pictures. Give a teacher, or more pictures, or another `losses.arcface.minImages`.',
      );
    }
    this.terms = [...this.terms, new SpreadTerm(losses.spread.weight)];
  }

  /** Variables that gradients change. */
  variables(): Map<string, tf.Variable> {
    return new Map(this.terms.flatMap((term) => [...term.variables()]));
  }

  /** Everything that a checkpoint must hold, by name. */
  state(): Map<string, tf.Tensor> {
    return new Map(this.terms.flatMap((term) => [...term.variables(), ...(term.state?.() ?? [])]));
  }

  /** Whether `losses` wants the gallery's embeddings. */
  get wantsGallery(): boolean {
    return this.terms.some((term) => term.offer !== undefined);
  }

  /**
   * Shows the batch's embeddings as the slowly following network gives them.
   *
   * @param gallery [batch, width], unit length
   */
  async offer(gallery: tf.Tensor2D, samples: readonly Sample[]): Promise<void> {
    for (const term of this.terms) await term.offer?.(gallery, samples);
  }

  /** Losses of one batch, to be called inside the gradient's scope. */
  losses(context: TermContext): LossParts {
    const parts: Record<string, tf.Scalar> = {};
    const weighted: tf.Tensor[] = [];
    for (const term of this.terms) {
      for (const { name, value, weight } of term.losses(context)) {
        parts[name] = value;
        if (weight > 0) weighted.push(tf.mul(value, weight));
      }
    }
    return { total: tf.addN(weighted) as tf.Scalar, parts };
  }

  dispose(): void {
    for (const term of this.terms) term.dispose?.();
  }
}
