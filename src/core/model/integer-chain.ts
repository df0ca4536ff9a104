import * as tf from '@tensorflow/tfjs-core';
import { type Activation, type ConvUnit, slopeOf } from './architecture.ts';
import { codesOf, rangeOf } from './integer-codes.ts';
import { createIntegerKernel, type IntegerKernel } from './integer-kernel.ts';
import type { HostTensor, HostWeights } from './weights.ts';

/** Values that the kernels take at once. */
const LANES = 8;
/** Rows that the matrix product takes at once; buffers have room for the last ones that are none. */
const ROWS = 4;
/** Bytes of rounded rows that are multiplied before the next ones are made: they stay in the processor's cache. */
const STRIP = 131_072;

/** A 1x1 layer, behind a 3x3 layer of each channel by itself or behind none. */
export interface Link {
  readonly depthwise: ConvUnit | null;
  readonly pointwise: ConvUnit;
}

const isDepthwise = ({ kernel, pad, depthwise, inputs }: ConvUnit): boolean =>
  depthwise && kernel === 3 && pad === 1 && inputs % LANES === 0;

const isPointwise = ({ kernel, stride, pad, depthwise, inputs, outputs }: ConvUnit): boolean =>
  !depthwise && kernel === 1 && stride === 1 && pad === 0 && inputs % LANES === 0 && outputs % LANES === 0;

/** Layers as links; null where one of them is of another kind. */
export function linksOf(units: readonly ConvUnit[]): readonly Link[] | null {
  const links: Link[] = [];
  let depthwise: ConvUnit | null = null;
  for (const unit of units) {
    if (!depthwise && isDepthwise(unit)) depthwise = unit;
    else if (isPointwise(unit)) {
      links.push({ depthwise, pointwise: unit });
      depthwise = null;
    } else return null;
  }
  return depthwise || links.length === 0 ? null : links;
}

/** A link whose weights lie in the kernels' memory. */
interface Placed extends Link {
  /** address: of each 8 channels nine taps, bias, slope */
  readonly taps: number;
  /** address of the codes */
  readonly codes: number;
  /** address: of each 8 outputs scale, bias, slope */
  readonly constants: number;
  /** what inputs are rounded to */
  readonly range: number;
}

interface Size {
  readonly height: number;
  readonly width: number;
}

/** Room for pictures of one size. */
interface Buffers extends Size {
  /** the map that is read and the one that is written, in turns */
  readonly maps: readonly [number, number];
  readonly codes: number;
  readonly scales: number;
  readonly zeros: number;
  readonly row: number;
}

const CAPS: Record<Activation, number> = {
  linear: Number.POSITIVE_INFINITY,
  relu: Number.POSITIVE_INFINITY,
  relu6: 6,
  prelu: Number.POSITIVE_INFINITY,
};

/** A 3x3 kernel with pad 1. */
const outSide = (side: number, stride: number): number => Math.floor((side - 1) / stride) + 1;

const sizeBehind = ({ depthwise }: Link, { height, width }: Size): Size => {
  const stride = depthwise?.stride ?? 1;
  return { height: outSide(height, stride), width: outSide(width, stride) };
};

function get(weights: HostWeights, name: string): HostTensor {
  const tensor = weights.get(name);
  if (!tensor) throw new Error(`The model lacks ${name}; its manifest describes another architecture.`);
  return tensor;
}

/** The slope below zero of each output: 1 where nothing is bent, 0 where it is cut off. */
function slopes(unit: ConvUnit, weights: HostWeights): Float32Array {
  const name = slopeOf(unit);
  if (name) return get(weights, name).data;
  return new Float32Array(unit.outputs).fill(unit.activation === 'linear' ? 1 : 0);
}

/** Rows of one value for each channel, so that each 8 channels lie together with all of their rows. */
function interleaved(rows: readonly Float32Array[], channels: number): Float32Array {
  const laid = new Float32Array(rows.length * channels);
  for (const [r, row] of rows.entries())
    for (let c = 0; c < channels; c++) {
      const group = c - (c % LANES);
      laid[group * rows.length + r * LANES + (c % LANES)] = row[c]!;
    }
  return laid;
}

/** Codes as the product reads them: by 8 outputs, of each pair of inputs the two codes of each output. */
function paired(values: Int16Array, inputs: number, outputs: number): Int16Array {
  const laid = new Int16Array(values.length);
  for (let i = 0; i < inputs; i++)
    for (let o = 0; o < outputs; o++) {
      const group = o - (o % LANES);
      laid[group * inputs + (i - (i % 2)) * LANES + (o % LANES) * 2 + (i % 2)] = values[i * outputs + o]!;
    }
  return laid;
}

function placeTaps(kernel: IntegerKernel, unit: ConvUnit, weights: HostWeights): number {
  const { data } = get(weights, `${unit.conv}.kernel`);
  const { outputs: channels } = unit;
  const taps = Array.from({ length: 9 }, (_, t) => data.subarray(t * channels, (t + 1) * channels));
  const rows = [...taps, get(weights, `${unit.conv}.bias`).data, slopes(unit, weights)];
  return kernel.place(interleaved(rows, channels));
}

function placeLink(kernel: IntegerKernel, link: Link, weights: HostWeights): Placed | null {
  const { depthwise, pointwise } = link;
  const { conv, inputs, outputs } = pointwise;
  const codes = codesOf(get(weights, `${conv}.kernel`));
  if (!codes) return null;
  const rows = [codes.scales, get(weights, `${conv}.bias`).data, slopes(pointwise, weights)];
  return {
    ...link,
    taps: depthwise ? placeTaps(kernel, depthwise, weights) : 0,
    codes: kernel.place(paired(codes.values, inputs, outputs)),
    constants: kernel.place(interleaved(rows, outputs)),
    range: rangeOf(codes),
  };
}

/**
 * Links one behind the other, computed outside of tfjs on one thread. The weights are the file's own 8-bit codes. What a 1x1
 * layer takes is rounded to 16 bits, each pixel by its largest value, and their products are added up as integers: a processor
 * of 128-bit vectors does twice as many of them as of float32's. Why: docs/decisions/037-integer-products.md.
 */
export class IntegerChain {
  private readonly kernel: IntegerKernel;
  private readonly links: readonly Placed[];
  /** where the buffers lie, behind the weights */
  private readonly room: number;
  private buffers: Buffers | null = null;

  private constructor(kernel: IntegerKernel, links: readonly Placed[]) {
    this.kernel = kernel;
    this.links = links;
    this.room = kernel.end();
  }

  /**
   * @param weights folded weights by name; those of the links are copied
   * @returns null where the engine cannot run it or a 1x1 layer's weights are no 8-bit codes
   * @throws Error that names a missing weight
   */
  static of(links: readonly Link[], weights: HostWeights): IntegerChain | null {
    const kernel = createIntegerKernel();
    if (!kernel) return null;
    const placed: Placed[] = [];
    for (const link of links) {
      const one = placeLink(kernel, link, weights);
      if (!one) return null;
      placed.push(one);
    }
    return new IntegerChain(kernel, placed);
  }

  /**
   * @param x [batch, height, width, inputs]; read synchronously
   * @returns [batch, height, width, outputs] of the last link
   */
  apply(x: tf.Tensor4D): tf.Tensor4D {
    const [batch, height, width] = x.shape;
    const values = x.dataSync<'float32'>();
    const last = this.links[this.links.length - 1]!;
    let out: Size = { height, width };
    for (const link of this.links) out = sizeBehind(link, out);
    const each = out.height * out.width * last.pointwise.outputs;
    const result = new Float32Array(batch * each);
    const stride = values.length / batch;
    for (let i = 0; i < batch; i++)
      result.set(
        this.image(values.subarray(i * stride, (i + 1) * stride), { height, width }, each),
        i * each,
      );
    return tf.tensor4d(result, [batch, out.height, out.width, last.pointwise.outputs]);
  }

  /** One picture's map. @returns a view of the last one */
  private image(values: Float32Array, from: Size, length: number): Float32Array {
    const buffers = this.buffersFor(from);
    let [read, write] = buffers.maps;
    this.kernel.view(read, values.length).set(values);
    let size = from;
    for (const link of this.links) {
      this.link(link, size, read, write, buffers);
      size = sizeBehind(link, size);
      [read, write] = [write, read];
    }
    return this.kernel.view(read, length);
  }

  private link(link: Placed, size: Size, read: number, write: number, buffers: Buffers): void {
    const { kernel } = this;
    const { depthwise, pointwise, taps, range } = link;
    const { inputs, outputs, activation } = pointwise;
    const { codes, scales, zeros, row } = buffers;
    const { height, width } = sizeBehind(link, size);
    const pixels = height * width;
    const strip = stripOf(inputs);
    for (let from = 0; from < pixels; from += strip) {
      const to = Math.min(pixels, from + strip);
      if (depthwise)
        kernel.depthwise(
          read,
          size.height,
          size.width,
          inputs,
          depthwise.stride,
          taps,
          CAPS[depthwise.activation],
          zeros,
          row,
          from,
          to,
          width,
          codes,
          scales,
          range,
        );
      else kernel.quantise(read + from * inputs * 4, to - from, inputs, codes, scales, range);
      const out = write + from * outputs * 4;
      kernel.multiply(
        codes,
        scales,
        to - from,
        inputs,
        link.codes,
        link.constants,
        outputs,
        out,
        CAPS[activation],
      );
    }
  }

  /** Kept for the next pictures of the same size. */
  private buffersFor(size: Size): Buffers {
    const { kernel } = this;
    if (this.buffers?.height === size.height && this.buffers.width === size.width) return this.buffers;
    kernel.cut(this.room);
    const inputs = this.links.map(({ pointwise }) => pointwise.inputs);
    const map = this.largestMap(size) * 4;
    const pixel = Math.max(...inputs) * 4;
    this.buffers = {
      ...size,
      maps: [kernel.reserve(map), kernel.reserve(map)],
      codes: kernel.reserve(Math.max(...inputs.map((count) => stripOf(count) * count * 2))),
      scales: kernel.reserve(Math.max(...inputs.map(stripOf)) * 4),
      zeros: kernel.reserve(pixel),
      row: kernel.reserve(pixel),
    };
    return this.buffers;
  }

  /** Values of the largest map, with room for rows that the product takes beyond its end. */
  private largestMap(from: Size): number {
    let most = from.height * from.width * this.links[0]!.pointwise.inputs;
    let size = from;
    for (const link of this.links) {
      size = sizeBehind(link, size);
      most = Math.max(most, (size.height * size.width + ROWS - 1) * link.pointwise.outputs);
    }
    return most;
  }
}

/** Pixels of a strip. */
const stripOf = (inputs: number): number => Math.max(ROWS, Math.floor(STRIP / (inputs * 2) / ROWS) * ROWS);
