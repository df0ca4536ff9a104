import { EMBEDDING_LAYER, type NetworkPlan } from '@rounz/core/model/architecture.ts';
import type { HostTensor, HostWeights } from '@rounz/core/model/weights.ts';

/** Parts of a norm, ours by torchvision's. */
const NORM_PARTS: Readonly<Record<string, string>> = {
  weight: 'gamma',
  bias: 'beta',
  running_mean: 'mean',
  running_var: 'variance',
};
/** What torchvision has and a recogniser has no use for. */
const IGNORED = [/^fc\./, /\.num_batches_tracked$/];

/** What became of a foreign file. */
export interface Adopted {
  readonly weights: HostWeights;
  /** tensors of the network that keep their random start */
  readonly kept: readonly string[];
  /** tensors of the file that were not used, each with the reason */
  readonly unused: readonly string[];
}

/**
 * torchvision's name to ours: `layer1.0.conv2.weight` to `layer1.0.conv2.kernel`, `layer1.0.bn2.running_var` to
 * `layer1.0.bn2.variance`.
 */
function ourName(name: string, ours: HostWeights): string | undefined {
  const dot = name.lastIndexOf('.');
  const [layer, part] = [name.slice(0, dot), name.slice(dot + 1)];
  const kernel = `${layer}.kernel`;
  if (part === 'weight' && ours.has(kernel)) return kernel;
  const norm = NORM_PARTS[part] && `${layer}.${NORM_PARTS[part]}`;
  return norm && ours.has(norm) ? norm : undefined;
}

/** [out, in, height, width] to [height, width, in, out]. */
export function toHwio({ shape, data }: HostTensor): HostTensor {
  if (shape.length !== 4) return { shape, data };
  const [outputs, inputs, height, width] = shape as [number, number, number, number];
  const moved = new Float32Array(data.length);
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          moved[((y * width + x) * inputs + i) * outputs + o] =
            data[((o * inputs + i) * height + y) * width + x]!;
  return { shape: [height, width, inputs, outputs], data: moved };
}

/**
 * Puts tensors in torchvision's ResNet naming into a random start of our network. The classifier (`fc`) is left out; the
 * embedding layer stays random.
 *
 * @param start random weights of the plan's training form
 * @throws Error that names every tensor that does not fit, where a tensor's shape is wrong or most of the network is missing
 */
export function adoptTorchvision(
  plan: NetworkPlan,
  start: HostWeights,
  file: ReadonlyMap<string, () => HostTensor>,
): Adopted {
  const weights = new Map(start);
  const [unused, misshapen, taken] = [[] as string[], [] as string[], new Set<string>()];
  for (const [name, readTensor] of file) {
    if (IGNORED.some((pattern) => pattern.test(name))) {
      unused.push(`${name} (of the classifier, or a counter)`);
      continue;
    }
    const own = ourName(name, start);
    if (!own) {
      unused.push(`${name} (no such layer)`);
      continue;
    }
    const tensor = readTensor();
    const fitted = toHwio(tensor);
    const wanted = start.get(own)!.shape;
    if (fitted.shape.join() !== wanted.join())
      misshapen.push(`${name} is [${tensor.shape}], which is no [${wanted}] (height, width, in, out)`);
    else {
      weights.set(own, fitted);
      taken.add(own);
    }
  }
  const kept = [...start.keys()].filter((name) => !taken.has(name));
  const lost = kept.filter((name) => !name.startsWith(EMBEDDING_LAYER));
  if (misshapen.length > 0 || lost.length > 0) {
    const blocks = plan.blocks.length;
    throw new Error(
      `--init: this file is no ResNet of ${blocks} blocks in torchvision's naming. ` +
        [
          misshapen.length > 0 ? `Wrong shapes: ${misshapen.join('; ')}.` : '',
          lost.length > 0 ? `Missing: ${lost.join(', ')}.` : '',
          unused.length > 0 ? `In the file without a use: ${unused.join(', ')}.` : '',
        ]
          .filter(Boolean)
          .join(' '),
    );
  }
  return { weights, kept, unused };
}
