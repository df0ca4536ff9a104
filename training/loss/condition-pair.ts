import * as tf from '@tensorflow/tfjs';
import { pairsOf } from './pairs.ts';
import { unitRows } from './unit-rows.ts';

/**
 * A pair loss across conditions, to stand beside a classification loss as in MixFace (Jung, Son, Park, Han et al. 2021): the n-pair
 * loss (Sohn 2016, equation 6) on cosines, taken from both sides of each pair. For every two pictures i, p of one person under
 * whatever conditions: log(1 + sum over others n of exp(s (cos(i, n) - cos(i, p)))), averaged.
 *
 * @param embeddings [batch, width]
 * @param people [batch], null where unknown
 * @param scale s
 */
export function conditionPairLoss(
  embeddings: tf.Tensor2D,
  people: readonly (string | null)[],
  scale: number,
): tf.Scalar {
  return tf.tidy(() => {
    const { same, other, sameCount } = pairsOf(people);
    const unit = unitRows(embeddings);
    const logits = tf.mul(tf.matMul(unit, unit, false, true), scale);
    // Cosines are bounded, so exp needs no shift for the scales in use (at most 64).
    const others = tf.sum(tf.mul(tf.exp(logits), other), 1, true);
    const rows = tf.log1p(tf.mul(others, tf.exp(tf.neg(logits))));
    return tf.div(tf.sum(tf.mul(rows, same)), Math.max(sameCount, 1)) as tf.Scalar;
  });
}
