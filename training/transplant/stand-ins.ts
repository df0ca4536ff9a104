import type { HostTensor, HostWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { Matrix } from 'ml-matrix';
import { NormalEquations } from '../model/regress/normal-equations.ts';
import { choleskyOf } from '../util/cholesky.ts';

/** Added to each feature's sum of squares, as a share of the mean one: channels that hardly fire stay solvable. */
const RIDGE = 1e-5;
/** The same where a layer is only corrected: it stays the donor's where the maps say little. */
const REFIT_RIDGE = 1e-3;

/**
 * What stands for a depthwise separable layer of C channels in a bottleneck that has room for half of them: those depthwise channels,
 * and a layer beside them that takes the input as it is. Both lead to what the 1x1 layer gives before its PReLU.
 */
export interface HalfLayer {
  /** depthwise channels that are kept, [C / 2] */
  readonly channels: readonly number[];
  /** [1, 1, C / 2, C]: from the kept depthwise channels */
  readonly kept: HostTensor;
  /** [1, 1, C, C]: from the layer's input */
  readonly beside: HostTensor;
  /** [C] */
  readonly bias: Float32Array;
}

/** A depthwise separable layer of the donor for which something is to stand. */
export interface Layer {
  /** its name */
  readonly block: string;
  readonly stride: number;
  /** with half of its depthwise channels; otherwise with all, and a 1x1 layer that makes up for what was missed before */
  readonly half: boolean;
}

export interface StandIns {
  readonly halves: readonly HalfLayer[];
  /** kernels and biases of the other layers' 1x1 layers, by name */
  readonly corrected: ReadonlyMap<string, HostTensor>;
}

/** Maps of the same faces: as the donor has them, and as the network in the making has them. */
interface Maps {
  readonly theirs: tf.Tensor4D;
  readonly ours: tf.Tensor4D;
}

/** A donor's depthwise separable layer on the current backend. */
class Separable {
  private readonly tensors: { readonly [name: string]: tf.Tensor };
  private readonly stride: number;

  constructor(donor: HostWeights, { block, stride }: Layer) {
    this.stride = stride;
    const get = (name: string) => {
      const { shape, data } = donor.get(`${block}.${name}`)!;
      return tf.tensor(data, [...shape]);
    };
    const names = ['kernel', 'bias', 'slope'].flatMap((part) => [`depthwise.${part}`, `pointwise.${part}`]);
    this.tensors = Object.fromEntries(names.map((name) => [name, get(name)]));
  }

  depthwise(x: tf.Tensor4D): tf.Tensor4D {
    return tf.fused.depthwiseConv2d({
      x,
      filter: this.get('depthwise.kernel') as tf.Tensor4D,
      bias: this.get('depthwise.bias'),
      strides: this.stride,
      pad: 1,
      activation: 'prelu',
      preluActivationWeights: this.get('depthwise.slope'),
    });
  }

  /** Before its PReLU. */
  pointwise(hidden: tf.Tensor4D): tf.Tensor4D {
    const product = tf.conv2d(hidden, this.get('pointwise.kernel') as tf.Tensor4D, 1, 0);
    return tf.add(product, this.get('pointwise.bias'));
  }

  activated(x: tf.Tensor4D): tf.Tensor4D {
    return tf.prelu(x as tf.Tensor, this.get('pointwise.slope')) as tf.Tensor4D;
  }

  dispose(): void {
    tf.dispose(this.tensors);
  }

  private get(name: string): tf.Tensor {
    return this.tensors[name]!;
  }
}

/**
 * Adds all positions of a batch.
 *
 * @param features maps side by side, each [batch, height, width, channels]
 * @param target what they are to give, [batch, height, width, outputs]
 */
async function addMaps(
  sums: NormalEquations,
  features: readonly tf.Tensor4D[],
  target: tf.Tensor4D,
): Promise<void> {
  const [rows, wanted] = tf.tidy(() => {
    const flat = [...features, target].map((map) => tf.reshape(map, [-1, map.shape[3]]) as tf.Tensor2D);
    const y = flat.pop()!;
    return [tf.concat([...flat, tf.ones([y.shape[0], 1]) as tf.Tensor2D], 1), y];
  }) as [tf.Tensor2D, tf.Tensor2D];
  await sums.add(rows, wanted);
  tf.dispose([rows, wanted]);
}

const floats = (matrix: Matrix, from: number, count: number): Float32Array =>
  Float32Array.from(matrix.subMatrix(from, from + count - 1, 0, matrix.columns - 1).to1DArray());

/**
 * @param sums of the layer's input, its depthwise channels and 1
 * @param pointwise [1, 1, C, C], which tells how much each depthwise channel counts
 */
function fitHalf(sums: NormalEquations, pointwise: HostTensor): HalfLayer {
  const [products, wanted] = [sums.gramMatrix(), sums.productMatrix()];
  const C = pointwise.shape[3]!;
  const input = [...Array(C).keys(), 2 * C];
  const channels = missed(products, input, pointwise)
    .map((value, channel) => ({ value, channel }))
    .sort((a, b) => b.value - a.value)
    .slice(0, C / 2)
    .map(({ channel }) => channel)
    .sort((a, b) => a - b);
  const used = [...input, ...channels.map((channel) => C + channel)];
  const solution = solve(products.selection(used, used), wanted.selection(used, [...Array(C).keys()]));
  return {
    channels,
    kept: { shape: [1, 1, C / 2, C], data: floats(solution, C + 1, C / 2) },
    beside: { shape: [1, 1, C, C], data: floats(solution, 0, C) },
    bias: floats(solution, C, 1),
  };
}

/** @param sums of the depthwise channels and 1 */
function correct(sums: NormalEquations, kernel: HostTensor, bias: HostTensor): [HostTensor, HostTensor] {
  const products = sums.gramMatrix();
  const [, , inputs, outputs] = kernel.shape as [number, number, number, number];
  const own = Matrix.from1DArray(inputs + 1, outputs, [...kernel.data, ...bias.data]);
  const change = solve(products, Matrix.sub(sums.productMatrix(), products.mmul(own)), REFIT_RIDGE);
  const solution = Matrix.add(own, change);
  return [
    { shape: kernel.shape, data: floats(solution, 0, inputs) },
    { shape: bias.shape, data: floats(solution, inputs, 1) },
  ];
}

/** Solves `products * result = wanted` with a ridge. */
function solve(products: Matrix, wanted: Matrix, share = RIDGE): Matrix {
  const ridge = (share * products.trace()) / products.rows;
  return choleskyOf(Matrix.add(products, Matrix.eye(products.rows, products.rows).mul(ridge))).solve(wanted);
}

/** What would be missed of the output without each depthwise channel, if all that a linear layer makes of the input were there. */
function missed(products: Matrix, input: number[], { data }: HostTensor): number[] {
  const C = input.length - 1;
  const hidden = Array.from({ length: C }, (_, c) => C + c);
  const across = products.selection(input, hidden);
  const known = solve(products.selection(input, input), across);
  return hidden.map((row, c) => {
    const explained = across.getColumn(c).reduce((sum, value, i) => sum + value * known.get(i, c), 0);
    const weight = data.subarray(c * C, (c + 1) * C).reduce((sum, value) => sum + value * value, 0);
    return Math.max(0, products.get(row, row) - explained) * weight;
  });
}

/** What stands for a layer: its map before its PReLU, of the layer's input and of its depthwise channels. */
type Compute = (x: tf.Tensor4D, hidden: tf.Tensor4D) => tf.Tensor4D;

const conv = (map: tf.Tensor4D, { shape, data }: HostTensor) =>
  tf.conv2d(map, tf.tensor4d(data, shape as [number, number, number, number]), 1, 0);

const ofHalf =
  ({ channels, kept, beside, bias }: HalfLayer): Compute =>
  (x, hidden) => {
    const some = tf.gather(hidden, tf.tensor1d([...channels], 'int32'), 3) as tf.Tensor4D;
    return tf.add(tf.add(conv(some, kept), conv(x, beside)), tf.tensor1d(bias));
  };

/**
 * Computes what stands for layers of the donor one after the other: each by least squares on what the donor's own layer gives, from
 * the map that those before it leave, so that it makes up for what they miss.
 *
 * @param donor folded weights of a MobileNet
 * @param layers in order; a halved one is of stride 1 and has as many channels as before it
 * @param maps what the first of them takes, batch by batch, [batch, height, width, channels]; disposed here
 * @param onFit called after each with the share of the output's variance that is missed
 */
export async function standIns(
  donor: HostWeights,
  layers: readonly Layer[],
  maps: readonly tf.Tensor4D[],
  onFit: (block: string, missedShare: number) => void = () => {},
): Promise<StandIns> {
  let now: Maps[] = maps.map((map) => ({ theirs: map, ours: tf.clone(map) }));
  const halves: HalfLayer[] = [];
  const corrected = new Map<string, HostTensor>();
  for (const which of layers) {
    const layer = new Separable(donor, which);
    const pointwise = `${which.block}.pointwise`;
    const [kernel, bias] = [donor.get(`${pointwise}.kernel`)!, donor.get(`${pointwise}.bias`)!];
    const [, , inputs, outputs] = kernel.shape as [number, number, number, number];
    const sums = new NormalEquations(which.half ? 2 * inputs : inputs, outputs);
    for (const { theirs, ours } of now) {
      const [target, hidden] = tf.tidy(() => [
        layer.pointwise(layer.depthwise(theirs)),
        layer.depthwise(ours),
      ]) as [tf.Tensor4D, tf.Tensor4D];
      await addMaps(sums, which.half ? [ours, hidden] : [hidden], target);
      tf.dispose([target, hidden]);
    }
    let compute: Compute;
    if (which.half) {
      const half = fitHalf(sums, kernel);
      halves.push(half);
      compute = ofHalf(half);
    } else {
      const [better, shift] = correct(sums, kernel, bias);
      corrected.set(`${pointwise}.kernel`, better).set(`${pointwise}.bias`, shift);
      compute = (_, hidden) => tf.add(conv(hidden, better), tf.tensor1d(shift.data));
    }
    const next = now.map((each) => step(layer, compute, each));
    onFit(which.block, await missedShare(next));
    now = next.map(({ theirs, ours }) => ({ theirs, ours }));
    layer.dispose();
  }
  for (const { theirs, ours } of now) tf.dispose([theirs, ours]);
  return { halves, corrected };
}

interface Step extends Maps {
  /** sums of squares of what is missed, and of the output about its mean */
  readonly squares: tf.Tensor1D;
}

/** Both maps behind the layer; disposes those before it. */
function step(layer: Separable, compute: Compute, { theirs, ours }: Maps): Step {
  const [target, made, squares] = tf.tidy(() => {
    const y = layer.pointwise(layer.depthwise(theirs));
    const stand = compute(ours, layer.depthwise(ours));
    const error = tf.sum(tf.squaredDifference(y, stand));
    const spread = tf.sum(tf.squaredDifference(y, tf.mean(y, [0, 1, 2], true)));
    return [layer.activated(y), layer.activated(stand), tf.stack([error, spread])];
  }) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D];
  tf.dispose([theirs, ours]);
  return { theirs: target, ours: made, squares };
}

async function missedShare(steps: readonly Step[]): Promise<number> {
  const total = tf.tidy(() => tf.addN(steps.map(({ squares }) => squares)));
  const [error, spread] = await total.data<'float32'>();
  tf.dispose([total, ...steps.map(({ squares }) => squares)]);
  return error! / spread!;
}
