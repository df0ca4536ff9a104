import * as tf from '@tensorflow/tfjs';
import { unitRows } from '../../loss/unit-rows.ts';
import type { LossConfig } from '../../recipes/schema.ts';
import { type LossTerm, NO_VARIABLES, type TermContext, type TermValue } from './term.ts';

type ConsistentConfig = NonNullable<LossConfig['consistent']>;

/** Where MobileFaceNet's ReLU6 ends. */
const CEILING = 6;

/** The teacher's word on the same crop, bare: its direction, and its map before pooling, position by position. */
export class ConsistentTerm implements LossTerm {
  private readonly config: ConsistentConfig;

  constructor(config: ConsistentConfig) {
    this.config = config;
  }

  variables() {
    return NO_VARIABLES;
  }

  losses({ embeddings, samples, lesson, neck, covered }: TermContext): TermValue[] {
    if (!lesson) throw new Error('A consistent teacher is configured, and none was asked.');
    const cosine = tf.sum(tf.mul(unitRows(embeddings), lesson.targets), 1);
    const direction = tf.mean(tf.sub(1, cosine)) as tf.Scalar;
    const { weight, mapWeight, coveredShare } = this.config;
    const terms: TermValue[] = [{ name: 'teacher', value: direction, weight }];
    if (mapWeight > 0 && neck) {
      const each = tf.mean(tf.squaredDifference(tf.minimum(neck, CEILING), lesson.maps), [1, 2, 3]);
      // On a photograph that shows an accessory the teacher has not seen the bare face: its map is no target.
      const shares = tf.tensor1d(
        samples.map(({ spoiled }, i) => (spoiled ? 0 : covered?.[i] ? coveredShare : 1)),
      );
      terms.push({ name: 'map', value: tf.mean(tf.mul(each, shares)) as tf.Scalar, weight: mapWeight });
    }
    return terms;
  }
}
