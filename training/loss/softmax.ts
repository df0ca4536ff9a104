import * as tf from '@tensorflow/tfjs';

/**
 * Mean cross-entropy of labels under `logits`, over the rows that have one: the plain softmax loss that every margin starts from
 * (Sun, Wang and Tang 2014, "DeepID").
 *
 * @param logits [batch, classes]
 * @param labels [batch]; -1 for a row without a class, which adds nothing
 */
export function crossEntropy(logits: tf.Tensor2D, labels: readonly number[]): tf.Scalar {
  return tf.tidy(() => {
    // oneHot of -1 is a row of zeros
    const isClass = tf.oneHot(tf.tensor1d([...labels], 'int32'), logits.shape[1], 1, 0, 'float32');
    const rows = tf.sub(tf.logSumExp(logits, 1), tf.sum(tf.mul(logits, isClass), 1));
    const labelled = labels.filter((label) => label >= 0).length;
    return tf.div(tf.sum(tf.mul(rows, tf.sum(isClass, 1))), Math.max(labelled, 1)) as tf.Scalar;
  });
}

/**
 * @param embeddings [batch, width], as long as they are
 * @param kernel [classes, width]
 * @param bias [classes]
 */
export function softmaxLoss(
  embeddings: tf.Tensor2D,
  kernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  labels: readonly number[],
): tf.Scalar {
  return tf.tidy(() => {
    const logits = tf.add(tf.matMul(embeddings, kernel, false, true), bias) as tf.Tensor2D;
    return crossEntropy(logits, labels);
  });
}
