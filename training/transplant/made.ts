import type { InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import type { Architecture } from '@rounz/core/model/manifest.ts';
import type { HostWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import type { TrainConfig } from '../recipes/schema.ts';

/** A network as it comes, with what has to be said of it. */
export interface Made {
  readonly architecture: Architecture;
  readonly weights: HostWeights;
  readonly recipe: TrainConfig;
  readonly name: string;
  readonly origin: string;
}

/** Mean cosine between a network's embeddings and a wider one's, whose further values the narrow one lacks. Disposes both. */
export async function meanCosine(
  narrow: InferenceNetwork,
  wide: InferenceNetwork,
  images: tf.Tensor4D,
): Promise<number> {
  const cosine = tf.tidy(() => {
    const [own, other] = [narrow.forward(images), wide.forward(images)];
    const common = tf.slice(other, [0, 0], [-1, own.shape[1]]);
    return tf.mean(tf.sum(tf.mul(own, common), 1));
  });
  const [value] = await cosine.data<'float32'>();
  cosine.dispose();
  narrow.dispose();
  wide.dispose();
  return value!;
}
