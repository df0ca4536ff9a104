import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { TEACHER_SIZE } from './embeddings.ts';

/** Side of the picture that the network takes, pixels. */
export const FACE_API_SIDE = 150;

/** What is taken off each channel before dividing by 255; the network's own (dlib, `input_rgb_image`). */
const MEAN_RGB = [122.782, 117.001, 104.298] as const;

interface Layer {
  readonly filter: tf.Tensor4D;
  readonly bias: tf.Tensor1D;
}

/** Names of the residual blocks in their order; `down` halves the picture. */
const BLOCKS = [
  'conv32_1',
  'conv32_2',
  'conv32_3',
  'conv64_down',
  'conv64_1',
  'conv64_2',
  'conv64_3',
  'conv128_down',
  'conv128_1',
  'conv128_2',
  'conv256_down',
  'conv256_1',
  'conv256_2',
  'conv256_down_out',
] as const;

/**
 * face-api's recogniser (dlib's ResNet-29, its own weights) as a network on the current backend, so that the
 * native kernels run it. Each layer's scale is folded into its filter. `face-api.test.ts` holds it against face-api itself.
 */
export class FaceApiNetwork {
  private readonly stem: Layer;
  private readonly blocks: readonly { readonly down: boolean; readonly layers: readonly [Layer, Layer] }[];
  /** halves a picture and adds empty channels, as one convolution each */
  private readonly shortcuts = new Map<string, tf.Tensor4D>();
  private readonly last: tf.Tensor2D;

  private constructor(weights: tf.NamedTensorMap) {
    const layer = (name: string): Layer => foldedLayer(weights, name);
    this.stem = layer('conv32_down');
    this.blocks = BLOCKS.map((name) => ({
      down: name.includes('down'),
      layers: [layer(`${name}/conv1`), layer(`${name}/conv2`)],
    }));
    this.last = tf.keep(tf.clone(weights['fc']!)) as tf.Tensor2D;
  }

  /** Reads the weights out of the installed package. */
  static load(): FaceApiNetwork {
    const file = createRequire(import.meta.url).resolve(
      '@vladmandic/face-api/model/face_recognition_model-weights_manifest.json',
    );
    const [group] = JSON.parse(readFileSync(file, 'utf8')) as {
      paths: string[];
      weights: tf.io.WeightsManifestEntry[];
    }[];
    const bytes = readFileSync(join(dirname(file), group!.paths[0]!));
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const weights = tf.io.decodeWeights(buffer as ArrayBuffer, group!.weights);
    const network = new FaceApiNetwork(weights);
    tf.dispose(weights);
    return network;
  }

  /**
   * @param pictures RGB bytes of square faces of side 150, one behind the other
   * @returns 128 values for each, as face-api gives them
   */
  async embed(pictures: Uint8ClampedArray, count: number): Promise<Float32Array[]> {
    const output = tf.tidy(() => this.forward(pictures, count));
    const values = await output.data<'float32'>();
    const rows = Array.from({ length: count }, (_, row) =>
      values.slice(row * TEACHER_SIZE, (row + 1) * TEACHER_SIZE),
    );
    output.dispose();
    return rows;
  }

  dispose(): void {
    const layers = [this.stem, ...this.blocks.flatMap(({ layers }) => [...layers])];
    tf.dispose([
      this.last,
      ...this.shortcuts.values(),
      ...layers.flatMap(({ filter, bias }) => [filter, bias]),
    ]);
  }

  private forward(pictures: Uint8ClampedArray, count: number): tf.Tensor2D {
    const values = Float32Array.from(pictures, (value, i) => (value - MEAN_RGB[i % 3]!) / 255);
    const images = tf.tensor4d(values, [count, FACE_API_SIDE, FACE_API_SIDE, 3]);
    let x = tf.maxPool(conv(images, this.stem, 2, true), 3, 2, 'valid');
    for (const { down, layers } of this.blocks) {
      const inner = conv(conv(x, layers[0], down ? 2 : 1, true), layers[1], 1, false);
      x = tf.relu(tf.add(down ? matchSides(inner, x) : inner, down ? this.shortcut(x, inner) : x));
    }
    return tf.matMul(tf.mean(x, [1, 2]) as tf.Tensor2D, this.last);
  }

  /** Mean over 2 x 2 in the first channels, nothing in the new ones. */
  private shortcut(x: tf.Tensor4D, inner: tf.Tensor4D): tf.Tensor4D {
    const [channels, wanted] = [x.shape[3], inner.shape[3]];
    const key = `${channels}-${wanted}`;
    let filter = this.shortcuts.get(key);
    if (!filter) {
      const values = new Float32Array(4 * channels * wanted);
      for (let tap = 0; tap < 4; tap++)
        for (let c = 0; c < channels; c++) values[(tap * channels + c) * wanted + c] = 0.25;
      filter = tf.keep(tf.tensor4d(values, [2, 2, channels, wanted]));
      this.shortcuts.set(key, filter);
    }
    return tf.conv2d(x, filter, 2, 'valid');
  }
}

const conv = (x: tf.Tensor4D, { filter, bias }: Layer, strides: number, relu: boolean): tf.Tensor4D =>
  tf.fused.conv2d({
    x,
    filter,
    bias,
    strides,
    pad: strides === 2 ? 'valid' : 'same',
    activation: relu ? 'relu' : 'linear',
  });

/** A convolution without border ends a pixel before the mean does where the side is even: a line of zeros makes up for it. */
function matchSides(inner: tf.Tensor4D, outer: tf.Tensor4D): tf.Tensor4D {
  const missing = Math.floor(outer.shape[1] / 2) - inner.shape[1];
  if (missing === 0) return inner;
  return tf.pad(inner, [
    [0, 0],
    [0, missing],
    [0, missing],
    [0, 0],
  ]);
}

/** (x * w + b) * scale + shift, as one filter and one bias. */
function foldedLayer(weights: tf.NamedTensorMap, name: string): Layer {
  return tf.tidy(() => {
    const get = (part: string): tf.Tensor => weights[`${name}/${part}`]!;
    const scale = get('scale/weights');
    return {
      filter: tf.keep(tf.mul(get('conv/filters'), scale)) as tf.Tensor4D,
      bias: tf.keep(tf.add(tf.mul(get('conv/bias'), scale), get('scale/biases'))) as tf.Tensor1D,
    };
  });
}
