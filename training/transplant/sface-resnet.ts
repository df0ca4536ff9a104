import type { Rng } from '@rounz/core/math/random.ts';
import { EMBEDDING_LAYER, SFACE_RESNET50 } from '@rounz/core/model/architecture.ts';
import type { ResNetArchitecture } from '@rounz/core/model/manifest.ts';
import type { HostTensor, HostWeights } from '@rounz/core/model/weights.ts';
import { Patient } from './patient.ts';

/** What a ResNet's blocks take over from a block of SFace. */
type Place =
  /** one bottleneck, which changes the map's shape */
  | { readonly kind: 'first'; readonly block: number }
  /** one bottleneck, in a stage that is wide enough and whose shortcuts can be taken away */
  | { readonly kind: 'whole'; readonly block: number }
  /** twice as many channels as a bottleneck is wide: two bottlenecks, each with half of them */
  | { readonly kind: 'pair'; readonly block: number }
  /** a bottleneck that changes nothing before it is trained */
  | { readonly kind: 'free' };

/** By stage. */
const PLACES: readonly (readonly Place[])[] = [
  [
    { kind: 'first', block: 1 },
    { kind: 'pair', block: 2 },
  ],
  [{ kind: 'first', block: 3 }, { kind: 'pair', block: 4 }, { kind: 'free' }],
  [{ kind: 'first', block: 5 }, ...[6, 7, 8, 9, 10].map((block) => ({ kind: 'whole' as const, block }))],
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
 * Folded weights of a ResNet-50 that computes what SFace computes. Its streams have twice the channels of SFace's maps. A stage's first
 * block leaves SFace's map in the first half and zeros in the second; a pair reads the first half and fills the second one, each of its
 * blocks from half of the depthwise channels, while its shortcut keeps the first; what passes unchanged has a slope of 1. A whole
 * block leaves its map where it read one, for its shortcut takes that one away. Channels that SFace does not fill start small and
 * random, and what reads them at zero.
 *
 * @param donor SFace's folded weights with a head of `architecture.head`
 */
export function sfaceResNet(
  donor: HostWeights,
  rng: Rng,
  architecture: ResNetArchitecture = SFACE_RESNET50,
): HostWeights {
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
    const channels = hidden.bias.length;
    patient.freeOutputs(`${name}.conv1`, channels, rng);
    patient.select(`${name}.conv1`, range(from, channels));
    patient.freeOutputs(`${name}.conv2`, channels, rng);
    diagonal(`${name}.conv2`, hidden);
    whole(`${name}.conv3`, output);
    from = 0;
  };
  const inPlace = (name: string, block: number) => {
    const [hidden, output] = [layer(`blocks.${block}.depthwise`), layer(`blocks.${block}.pointwise`)];
    const channels = output.bias.length;
    patient.select(`${name}.conv1`, range(from, channels));
    diagonal(`${name}.conv2`, hidden);
    patient.freeOutputs(`${name}.conv3`, channels, rng);
    whole(`${name}.conv3`, output);
    patient.kernel(`${name}.downsample.0`).data.fill(1, channels);
  };
  const free = (name: string) => {
    for (const conv of ['conv1', 'conv2']) patient.freeOutputs(`${name}.${conv}`, 0, rng);
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
  PLACES.forEach((places, stage) => {
    let index = 0;
    const next = () => `layer${stage + 1}.${index++}`;
    for (const place of places) {
      if (place.kind === 'free') free(next());
      else if (place.kind === 'first') first(next(), place.block);
      else if (place.kind === 'whole') inPlace(next(), place.block);
      else pair([next(), next()], place.block);
    }
  });
  const neck = donor.get('neck.kernel')!;
  patient.put('neck', neck, donor.get('neck.bias')!.data, { input: from, output: 0 });
  for (const name of ['whole', EMBEDDING_LAYER])
    for (const part of ['kernel', 'bias'])
      patient.weights.set(`${name}.${part}`, donor.get(`${name}.${part}`)!);
  return patient.weights;
}
