import * as tf from '@tensorflow/tfjs';

/**
 * Variance of the rows' squared lengths about their mean, in units of that mean: 0 where all are as long, rows - 1 where one
 * row holds everything.
 *
 * A cosine loss does not see lengths, and batch norm fixes only their sum over the batch: while a network knows no more
 * than the mean face, it gains by blowing up one picture of each batch, which pushes all others towards the mean, and it
 * stays there (docs/decisions/004). This penalty closes that way.
 *
 * @param embeddings [batch, width], as the last batch norm gives them
 */
export function normSpread(embeddings: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => {
    const squares = tf.sum(tf.square(embeddings), 1);
    const relative = tf.div(squares, tf.add(tf.mean(squares), 1e-6));
    return tf.mean(tf.square(tf.sub(relative, 1))) as tf.Scalar;
  });
}
