import * as tf from '@tensorflow/tfjs';
import { unitRows } from '../../loss/unit-rows.ts';
import type { LossConfig } from '../../recipes/schema.ts';
import { type LossTerm, NO_VARIABLES, type TermContext, type TermValue } from './term.ts';

type ConsistentConfig = NonNullable<LossConfig['consistent']>;

/** Where MobileFaceNet's ReLU6 ends. */
const CEILING = 6;

/**
 * The teacher's word on the same crop, bare: its direction, and its map position by position: MobileFaceNet's before pooling, or
 * SFace's before its neck, as a share of its mean square.
 */
export class ConsistentTerm implements LossTerm {
  private readonly config: ConsistentConfig;

  constructor(config: ConsistentConfig) {
    this.config = config;
  }

  variables() {
    return NO_VARIABLES;
  }

  losses(context: TermContext): TermValue[] {
    const { embeddings, samples, lesson, covered } = context;
    if (!lesson) throw new Error('A consistent teacher is configured, and none was asked.');
    const cosine = tf.sum(tf.mul(unitRows(embeddings), lesson.targets), 1);
    const direction = tf.mean(tf.sub(1, cosine)) as tf.Scalar;
    const { weight, mapWeight, coveredShare } = this.config;
    const terms: TermValue[] = [{ name: 'teacher', value: direction, weight }];
    const each = mapWeight > 0 ? this.missed(context, lesson.maps) : undefined;
    if (each) {
      // On a photograph that shows an accessory the teacher has not seen the bare face: its map is no target.
      const shares = tf.tensor1d(
        samples.map(({ spoiled }, i) => (spoiled ? 0 : covered?.[i] ? coveredShare : 1)),
      );
      terms.push({ name: 'map', value: tf.mean(tf.mul(each, shares)) as tf.Scalar, weight: mapWeight });
    }
    return terms;
  }

  /** [batch]: how far the student's map is from the teacher's; undefined where it has none */
  private missed({ neck, map }: TermContext, maps: tf.Tensor4D): tf.Tensor | undefined {
    if (this.config.teacher === 'mobilefacenet')
      return neck && tf.mean(tf.squaredDifference(tf.minimum(neck, CEILING), maps), [1, 2, 3]);
    if (!map) return undefined;
    // A ResNet-50 out of SFace has SFace's map in the last channels of its own (transplant/sface-resnet.ts).
    const channels = maps.shape[3];
    const own = tf.slice(map, [0, 0, 0, map.shape[3] - channels], [-1, -1, -1, channels]);
    return tf.div(tf.mean(tf.squaredDifference(own, maps), [1, 2, 3]), tf.mean(tf.square(maps)));
  }
}
