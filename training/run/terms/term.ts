import type * as tf from '@tensorflow/tfjs';
import type { Sample } from '../../samples/samples.ts';
import type { Lesson } from '../../teacher/consistent.ts';

export interface TermContext {
  /** [batch, width], as the last batch norm gives them */
  readonly embeddings: tf.Tensor2D;
  readonly samples: readonly Sample[];
  readonly imagesSeen: number;
  /** [batch, side, side, neck]: the map that a weighted head pools */
  readonly neck?: tf.Tensor4D | undefined;
  /** [batch, side, side, channels]: the last map, where there is a neck behind it */
  readonly map?: tf.Tensor4D | undefined;
  /** of each picture, whether anything was drawn on it */
  readonly covered?: readonly boolean[] | undefined;
  /** what the consistent teacher says of the batch */
  readonly lesson?: Lesson | undefined;
}

export interface TermValue {
  /** in the log */
  readonly name: string;
  readonly value: tf.Scalar;
  readonly weight: number;
}

/** One ingredient of a run's objective, with whatever variables of its own it learns. */
export interface LossTerm {
  variables(): ReadonlyMap<string, tf.Variable>;
  /** what it remembers beyond its variables, for the checkpoint */
  state?(): ReadonlyMap<string, tf.Tensor>;
  /** gets the batch's embeddings [batch, width] of unit length from the slowly following network, before `losses` */
  offer?(gallery: tf.Tensor2D, samples: readonly Sample[]): Promise<void>;
  losses(context: TermContext): readonly TermValue[];
  dispose?(): void;
}

export const NO_VARIABLES: ReadonlyMap<string, tf.Variable> = new Map();
