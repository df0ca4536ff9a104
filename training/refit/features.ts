import { toBatch } from '@rounz/core/model/embedder.ts';
import type { InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import type { Manifest } from '@rounz/core/model/manifest.ts';
import type { EmbedPixels } from '../embed-samples.ts';

/** Crops of the model's own size in, what its last layer takes out: [features] for each. */
export const featuresBy =
  (network: InferenceNetwork, input: Manifest['input']): EmbedPixels =>
  async (pixels, count) => {
    const bytes = pixels.length / count;
    const crops = Array.from({ length: count }, (_, i) => ({
      data: pixels.subarray(i * bytes, (i + 1) * bytes),
      size: input.size,
    }));
    const images = toBatch(crops, input);
    const output = network.features(images);
    images.dispose();
    const values = await output.data<'float32'>();
    const width = output.shape[1];
    output.dispose();
    return Array.from({ length: count }, (_, row) => values.slice(row * width, (row + 1) * width));
  };
