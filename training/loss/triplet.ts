import * as tf from '@tensorflow/tfjs';
import { pairsOf, squaredDistances } from './pairs.ts';
import { unitRows } from './unit-rows.ts';

/** Farther than any two unit rows are (squared distance at most 4). */
const BEYOND = 8;

/**
 * The triplet loss of Schroff, Kalenichenko and Philbin 2015 (FaceNet, equation 1) with the batch-hard choice of Hermans, Beyer and
 * Leibe 2017: max(0, margin + farthest of the same person - nearest of another), squared distances, averaged over the pictures
 * that have both.
 *
 * @param embeddings [batch, width]; distances are between their unit rows
 * @param people [batch], null where unknown
 */
export function tripletLoss(
  embeddings: tf.Tensor2D,
  people: readonly (string | null)[],
  margin: number,
): tf.Scalar {
  return tf.tidy(() => {
    const { same, other } = pairsOf(people);
    const squares = squaredDistances(unitRows(embeddings));
    const farthest = tf.max(tf.mul(squares, same), 1);
    const nearest = tf.min(tf.add(tf.mul(squares, other), tf.mul(tf.sub(1, other), BEYOND)), 1);
    const usable = tf.mul(tf.max(same, 1), tf.max(other, 1));
    const rows = tf.mul(tf.relu(tf.add(margin, tf.sub(farthest, nearest))), usable);
    return tf.div(tf.sum(rows), tf.maximum(tf.sum(usable), 1)) as tf.Scalar;
  });
}
