import type { Rng } from '@rounz/core/math/random.ts';
import { EMBEDDING_LAYER, SFACE_RESNET50 } from '@rounz/core/model/architecture.ts';
import type { ResNetArchitecture } from '@rounz/core/model/manifest.ts';
import type { HostTensor, HostWeights } from '@rounz/core/model/weights.ts';
import { Patient } from './patient.ts';
import type { HalfLayer } from './stand-ins.ts';

/** Blocks of SFace for which half of their depthwise channels stand, in the blocks of the third stage behind its first. */
export const HALVED = [6, 7, 8, 9] as const;

/** What a ResNet's blocks take over from a block of SFace. */
type Place =
  /** halves the map: one bottleneck has room for it */
  | { readonly kind: 'first'; readonly block: number }
  /** twice as many channels as a bottleneck is wide: two bottlenecks, each with half of them */
  | { readonly kind: 'pair'; readonly block: number }
  /** half of the channels, in one bottleneck whose shortcut is a layer */
  | { readonly kind: 'half'; readonly block: number };

/** By stage. */
const PLACES: readonly (readonly Place[])[] = [
  [
    { kind: 'first', block: 1 },
    { kind: 'pair', block: 2 },
  ],
  [
    { kind: 'first', block: 3 },
    { kind: 'pair', block: 4 },
  ],
  [
    { kind: 'first', block: 5 },
    ...HALVED.map((block) => ({ kind: 'half' as const, block })),
    { kind: 'pair', block: 10 },
  ],
  [
    { kind: 'first', block: 11 },
    { kind: 'pair', block: 12 },
  ],
];

interface Layer {
  readonly kernel: HostTensor;
  readonly bias: Float32Array;
  readonly slope: Float32Array;
}

/** Channels from..from+count of a depthwise layer, or some of them. */
function ofChannels({ kernel, bias, slope }: Layer, channels: readonly number[]): Layer {
  const [side, , all] = kernel.shape as [number, number, number];
  const data = new Float32Array(side * side * channels.length);
  for (let position = 0; position < side * side; position++)
    channels.forEach((channel, k) => {
      data[position * channels.length + k] = kernel.data[position * all + channel]!;
    });
  const pick = (values: Float32Array) => Float32Array.from(channels, (channel) => values[channel]!);
  return { kernel: { shape: [side, side, channels.length, 1], data }, bias: pick(bias), slope: pick(slope) };
}

/** Rows of a 1x1 kernel. */
function rowsOf({ shape, data }: HostTensor, from: number, count: number): HostTensor {
  const outputs = shape[3]!;
  return { shape: [1, 1, count, outputs], data: data.slice(from * outputs, (from + count) * outputs) };
}

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

/**
 * Folded weights of a ResNet-50 that computes what SFace computes, but for `HALVED`. Its streams have twice the channels of SFace's
 * maps. A stage's first block leaves SFace's map in the first half and zeros in the second; a pair reads the first half and fills the
 * second one, each of its blocks from half of the depthwise channels, while its shortcut keeps the first; what passes unchanged
 * has a slope of 1. Channels that nothing fills start small and random, and what reads them at zero.
 *
 * @param donor SFace's folded weights with a head of `architecture.head`
 * @param halves of `HALVED`, in order
 * @throws Error where their number is another
 */
export function sfaceResNet(
  donor: HostWeights,
  halves: readonly HalfLayer[],
  rng: Rng,
  architecture: ResNetArchitecture = SFACE_RESNET50,
): HostWeights {
  if (halves.length !== HALVED.length)
    throw new Error(`A ResNet-50 out of SFace takes ${HALVED.length} half layers, not ${halves.length}.`);
  const patient = new Patient(architecture);
  const layer = (name: string): Layer => {
    const part = (kind: string) => donor.get(`${name}.${kind}`)!;
    return { kernel: part('kernel'), bias: part('bias').data, slope: part('slope').data };
  };
  const whole = (to: string, { kernel, bias, slope }: Layer) => {
    patient.put(to, kernel, bias);
    patient.slopes(to, slope);
  };
  const diagonal = (to: string, { kernel, bias, slope }: Layer) => {
    patient.putDiagonal(to, kernel, bias);
    patient.slopes(to, slope);
  };

  whole('stem.0', layer('stem'));
  diagonal('stem.1', layer('blocks.0.depthwise'));
  whole('stem.2', layer('blocks.0.pointwise'));
  /** where SFace's map begins in the stream */
  let from = 0;

  const first = (name: string, block: number) => {
    const [hidden, output] = [layer(`blocks.${block}.depthwise`), layer(`blocks.${block}.pointwise`)];
    patient.select(`${name}.conv1`, range(from, hidden.bias.length));
    diagonal(`${name}.conv2`, hidden);
    whole(`${name}.conv3`, output);
    from = 0;
  };
  const pair = (names: readonly [string, string], block: number) => {
    const [hidden, output] = [layer(`blocks.${block}.depthwise`), layer(`blocks.${block}.pointwise`)];
    const width = output.bias.length;
    names.forEach((name, half) => {
      const channels = range((half * width) / 2, width / 2);
      patient.select(`${name}.conv1`, channels);
      diagonal(`${name}.conv2`, ofChannels(hidden, channels));
      const bias = half === 0 ? output.bias : new Float32Array(width);
      const kernel = rowsOf(output.kernel, channels[0]!, channels.length);
      patient.put(`${name}.conv3`, kernel, bias, { input: 0, output: width });
    });
    patient.slopes(`${names[1]}.conv3`, output.slope, width);
    from = width;
  };
  const halved = (name: string, block: number) => {
    const { channels, kept, beside, bias } = halves[HALVED.indexOf(block as (typeof HALVED)[number])]!;
    patient.select(`${name}.conv1`, channels);
    diagonal(`${name}.conv2`, ofChannels(layer(`blocks.${block}.depthwise`), channels));
    // The pair behind the last one fills what is zero until then.
    if (block !== HALVED.at(-1)) patient.freeOutputs(`${name}.conv3`, bias.length, rng);
    patient.put(`${name}.conv3`, kept, bias);
    patient.slopes(`${name}.conv3`, layer(`blocks.${block}.pointwise`).slope);
    patient.put(`${name}.downsample.0`, beside, new Float32Array(bias.length));
  };
  PLACES.forEach((places, stage) => {
    let index = 0;
    const next = () => `layer${stage + 1}.${index++}`;
    for (const { kind, block } of places) {
      if (kind === 'first') first(next(), block);
      else if (kind === 'half') halved(next(), block);
      else pair([next(), next()], block);
    }
  });
  const neck = donor.get('neck.kernel')!;
  patient.put('neck', neck, donor.get('neck.bias')!.data, { input: from, output: 0 });
  for (const name of ['whole', EMBEDDING_LAYER])
    for (const part of ['kernel', 'bias'])
      patient.weights.set(`${name}.${part}`, donor.get(`${name}.${part}`)!);
  return patient.weights;
}
