import type { Rng } from '@rounz/core/math/random.ts';
import { planNetwork } from '@rounz/core/model/architecture.ts';
import type { ResNetArchitecture } from '@rounz/core/model/manifest.ts';
import { foldedShapes, type HostTensor } from '@rounz/core/model/weights.ts';

/** Size of the random start of channels that the donor does not use, relative to He et al. 2015. */
const FREE = 0.3;

/** Folded weights under construction: of a network that takes over a smaller one's. */
export class Patient {
  readonly weights = new Map<string, HostTensor>();

  constructor(architecture: ResNetArchitecture) {
    for (const [name, shape] of foldedShapes(planNetwork(architecture))) {
      const size = shape.reduce((product, side) => product * side, 1);
      const data = new Float32Array(size);
      // A slope of 1 is none.
      this.weights.set(name, { shape, data: name.endsWith('.slope') ? data.fill(1) : data });
    }
  }

  kernel(layer: string): HostTensor {
    return this.weights.get(`${layer}.kernel`)!;
  }

  bias(layer: string): Float32Array {
    return this.weights.get(`${layer}.bias`)!.data;
  }

  /**
   * Writes a donor's kernel and bias into some channels of a wider layer, the first ones unless told otherwise.
   *
   * @param from the first of its input and of its output channels to take
   */
  put(layer: string, { shape, data }: HostTensor, bias: Float32Array, from = { input: 0, output: 0 }): void {
    const target = this.kernel(layer);
    const [side, , inputs, outputs] = shape as [number, number, number, number];
    const [, , wideInputs, wideOutputs] = target.shape as [number, number, number, number];
    for (let position = 0; position < side * side; position++)
      for (let i = 0; i < inputs; i++)
        for (let o = 0; o < outputs; o++)
          target.data[(position * wideInputs + from.input + i) * wideOutputs + from.output + o] =
            data[(position * inputs + i) * outputs + o]!;
    const own = this.bias(layer);
    bias.forEach((value, o) => {
      own[from.output + o]! += value;
    });
  }

  /** A depthwise kernel [side, side, channels, 1] is a full one with zeros beside its diagonal. */
  putDiagonal(layer: string, { shape, data }: HostTensor, bias: Float32Array): void {
    const target = this.kernel(layer);
    const [side, , channels] = shape as [number, number, number];
    const [, , inputs, outputs] = target.shape as [number, number, number, number];
    for (let position = 0; position < side * side; position++)
      for (let c = 0; c < channels; c++)
        target.data[(position * inputs + c) * outputs + c] = data[position * channels + c]!;
    this.bias(layer).set(bias);
  }

  /** Channels that pass as they are: input `channels[k]` to output k. */
  select(layer: string, channels: Iterable<number>): void {
    const target = this.kernel(layer);
    const outputs = target.shape[3]!;
    let output = 0;
    for (const channel of channels) target.data[channel * outputs + output++] = 1;
  }

  /** Slopes for negative values, from an output channel on; 1 lets them pass. */
  slopes(layer: string, values: Float32Array, from = 0): void {
    this.weights.get(`${layer}.slope`)!.data.set(values, from);
  }

  addBias(layer: string, values: Float32Array): void {
    const bias = this.bias(layer);
    values.forEach((value, c) => {
      bias[c]! += value;
    });
  }

  /** Takes a constant that was added to the layer's inputs out of its outputs again. */
  undoOffset(layer: string, offset: Float32Array): void {
    const { data, shape } = this.kernel(layer);
    const outputs = shape[3]!;
    const bias = this.bias(layer);
    offset.forEach((value, i) => {
      for (let o = 0; o < outputs; o++) bias[o]! -= data[i * outputs + o]! * value;
    });
  }

  /** Random weights for outputs from `to` on: small features that nothing reads yet. */
  freeOutputs(layer: string, to: number, rng: Rng): void {
    const { data, shape } = this.kernel(layer);
    const [side, , inputs, outputs] = shape as [number, number, number, number];
    const deviation = FREE * Math.sqrt(2 / (side * side * inputs));
    for (let row = 0; row < side * side * inputs; row++)
      for (let o = to; o < outputs; o++) data[row * outputs + o] = deviation * normal(rng);
  }
}

/** A draw from N(0, 1), by Box and Muller 1958. */
const normal = (rng: Rng): number =>
  Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
