import * as tf from '@tensorflow/tfjs';
import { pairsOf, squaredDistances } from './pairs.ts';
import { unitRows } from './unit-rows.ts';

/** Keeps the gradient of the root finite where two embeddings meet. */
const SMALLEST = 1e-8;

/**
 * The contrastive loss of Hadsell, Chopra and LeCun 2006 (equation 4, without its halves), which the challenge's baseline was
 * trained with, over all pairs of the batch: d^2 for one person, max(0, margin - d)^2 for two, each averaged over its pairs.
 *
 * @param embeddings [batch, width]; distances are between their unit rows, 0..2
 * @param people [batch], null where unknown
 */
export function contrastiveLoss(
  embeddings: tf.Tensor2D,
  people: readonly (string | null)[],
  margin: number,
): tf.Scalar {
  return tf.tidy(() => {
    const { same, other, sameCount, otherCount } = pairsOf(people);
    const squares = squaredDistances(unitRows(embeddings));
    const distances = tf.sqrt(tf.add(squares, SMALLEST));
    const pull = tf.div(tf.sum(tf.mul(squares, same)), Math.max(sameCount, 1));
    const push = tf.mul(tf.square(tf.relu(tf.sub(margin, distances))), other);
    return tf.add(pull, tf.div(tf.sum(push), Math.max(otherCount, 1))) as tf.Scalar;
  });
}
