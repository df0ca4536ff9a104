import type { HostTensor } from '@rounz/core/model/weights.ts';

/**
 * A convolution's kernel as ONNX and PyTorch have it: [out, in, height, width] from our [height, width, in, out], and
 * [channels, 1, height, width] from a depthwise [height, width, channels, 1].
 */
export function channelsFirst({ shape, data }: HostTensor, depthwise: boolean): HostTensor {
  const [height, width, third, fourth] = shape as [number, number, number, number];
  // A depthwise kernel has its channels where others have their inputs, and one value a channel.
  const [inputs, outputs] = depthwise ? [fourth, third] : [third, fourth];
  const turned = new Float32Array(data.length);
  let from = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let i = 0; i < inputs; i++)
        for (let o = 0; o < outputs; o++) turned[((o * inputs + i) * height + y) * width + x] = data[from++]!;
  return { shape: [outputs, inputs, height, width], data: turned };
}
