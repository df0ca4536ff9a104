import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ADDON, sourceVersion } from '../native/build.ts';

/** float32 values, or the bits of bfloat16 values. */
export type Values = Float32Array | Uint16Array;

/** Batch, height, width, channels in, kernel height and width, channels out, strides, padding, output height and width. */
export type ConvGeometry = readonly number[];

/** The functions of `native/kernels.cc`; outputs are given by the caller. */
export interface NativeKernels {
  describe(): string;
  /** bfloat16 convolutions: 0 the faster path (the default), 1 always oneDNN's, 2 always by patches; for tests */
  choosePath(path: 0 | 1 | 2): void;
  conv2d(x: Values, weights: Float32Array, y: Values, ...geometry: ConvGeometry): void;
  conv2dInputGradient(dy: Values, weights: Float32Array, dx: Values, ...geometry: ConvGeometry): void;
  conv2dFilterGradient(x: Values, dy: Values, dw: Float32Array, ...geometry: ConvGeometry): void;
  /** weights [kernel height, kernel width, channels]; as many channels out as in */
  depthwiseConv2d(x: Values, weights: Float32Array, y: Values, ...geometry: ConvGeometry): void;
  matMul(
    a: Float32Array,
    b: Float32Array,
    c: Float32Array,
    m: number,
    n: number,
    k: number,
    transposeA: number,
    transposeB: number,
  ): void;
  batchNorm(
    x: Values,
    residual: Values | undefined,
    gamma: Float32Array,
    beta: Float32Array,
    y: Values,
    mean: Float32Array,
    variance: Float32Array,
    rows: number,
    channels: number,
    epsilon: number,
    relu: number,
  ): void;
  batchNormGradient(
    dy: Values,
    x: Values,
    y: Values,
    gamma: Float32Array,
    mean: Float32Array,
    variance: Float32Array,
    dx: Values,
    residual: Values | undefined,
    dgamma: Float32Array,
    dbeta: Float32Array,
    rows: number,
    channels: number,
    epsilon: number,
    relu: number,
  ): void;
  maxPool(x: Values, y: Values, ...geometry: ConvGeometry): void;
  maxPoolGradient(x: Values, dy: Values, dx: Values, ...geometry: ConvGeometry): void;
  spatialMean(x: Values, y: Float32Array, batch: number, positions: number, channels: number): void;
  spatialMeanGradient(dy: Float32Array, dx: Values, batch: number, positions: number, channels: number): void;
  depthwiseInputGradient(dy: Values, weights: Float32Array, dx: Values, ...geometry: ConvGeometry): void;
  depthwiseFilterGradient(x: Values, dy: Values, dw: Float32Array, ...geometry: ConvGeometry): void;
  /** y = clip(y + bias + added), in place */
  addAndClip(
    y: Values,
    bias: Float32Array | undefined,
    added: Values | undefined,
    rows: number,
    channels: number,
    low: number,
    high: number,
  ): void;
  /** through = dy where low < y < high, else 0; dbias = its column sums; without `through` nothing is clipped */
  clipGradient(
    dy: Values,
    y: Values,
    through: Values | undefined,
    dbias: Float32Array,
    rows: number,
    channels: number,
    low: number,
    high: number,
  ): void;
  /** y = x where it is positive, else slope * x; `y` may be `x` */
  slopes(x: Values, slope: Float32Array, y: Values, rows: number, channels: number): void;
  slopesGradient(
    dy: Values,
    x: Values,
    slope: Float32Array,
    dx: Values,
    dslope: Float32Array,
    rows: number,
    channels: number,
  ): void;
  relu(x: Values, y: Values): void;
  add(a: Values, b: Values, sum: Values): void;
  convert(from: Values, to: Values): void;
  unitRows(x: Float32Array, y: Float32Array, lengths: Float32Array, rows: number, columns: number): void;
  unitRowsGradient(
    dy: Float32Array,
    y: Float32Array,
    lengths: Float32Array,
    dx: Float32Array,
    rows: number,
    columns: number,
  ): void;
  marginSoftmax(
    cosines: Float32Array,
    labels: Float32Array,
    losses: Float32Array,
    gradient: Float32Array,
    rows: number,
    classes: number,
    scale: number,
    margin: number,
  ): void;
  adam(
    weights: Float32Array,
    gradient: Float32Array,
    first: Float32Array,
    second: Float32Array,
    rate: number,
    beta1: number,
    beta2: number,
    correction1: number,
    correction2: number,
    epsilon: number,
    decay: number,
    gain: number,
  ): void;
  momentum(
    weights: Float32Array,
    gradient: Float32Array,
    velocity: Float32Array,
    rate: number,
    momentum: number,
    decay: number,
    nesterov: number,
    gain: number,
  ): void;
  squareSum(values: Float32Array, sum: Float32Array): void;
  average(mean: Float32Array, value: Float32Array, keep: number): void;
}

export interface NativeDescription {
  /** oneDNN's version */
  readonly version: string;
  /** bfloat16 tile multiplication: several times float32's speed */
  readonly amx: boolean;
  readonly bf16: boolean;
  /** bfloat16 products at all: oneDNN has none below AVX512 */
  readonly takesBf16: boolean;
  readonly threads: number;
  /** which sources it was compiled from; an old addon does not say */
  readonly source?: string;
}

/**
 * What the addon says of itself.
 *
 * @throws Error where it was compiled from other sources than those that are here
 */
export function checkedDescription(kernels: Pick<NativeKernels, 'describe'>): NativeDescription {
  const description = JSON.parse(kernels.describe()) as NativeDescription;
  if (description.source !== sourceVersion())
    throw new Error(
      'the native kernels were built from other sources; build again: npm run -w training native',
    );
  return description;
}

/**
 * Loads the compiled addon.
 *
 * @throws Error that says how to build it
 */
export function loadNativeKernels(): { kernels: NativeKernels; description: NativeDescription } {
  if (!existsSync(ADDON)) {
    throw new Error(
      'the native kernels are not built: `npm run -w training native` builds them (needs g++ and pip)',
    );
  }
  const kernels = createRequire(import.meta.url)(ADDON) as NativeKernels;
  return { kernels, description: checkedDescription(kernels) };
}
