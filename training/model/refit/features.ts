import { toBatch } from '@rounz/core/model/embedder.ts';
import type { Features, InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import type { Manifest } from '@rounz/core/model/manifest.ts';
import * as tf from '@tensorflow/tfjs';
import type { EmbedPixels } from '../../samples/embed-samples.ts';

/**
 * Crops of the model's own size in, one row for each out.
 *
 * @param which `pooled`: what the embedding layer takes; `means`: what the accessory head takes
 */
export const featuresBy =
  (network: InferenceNetwork, input: Manifest['input'], which: keyof Features): EmbedPixels =>
  async (pixels, count) => {
    const bytes = pixels.length / count;
    const crops = Array.from({ length: count }, (_, i) => ({
      data: pixels.subarray(i * bytes, (i + 1) * bytes),
      size: input.size,
    }));
    const images = toBatch(crops, input);
    const output = tf.tidy(() => network.features(images)[which]);
    images.dispose();
    const values = await output.data<'float32'>();
    const width = output.shape[1];
    output.dispose();
    return Array.from({ length: count }, (_, row) => values.slice(row * width, (row + 1) * width));
  };
