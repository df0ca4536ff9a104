import { type Block, type NetworkPlan, planNetwork } from '@rounz/core/model/architecture.ts';
import type { HostWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { PACKAGE_MOBILEFACENET } from '../teacher/mobilefacenet-plan.ts';

/** Constants that keep a stream positive, one for each of its channels. */
export interface StreamOffsets {
  /** of the first inverted residual's outputs, and of the half of them that comes first */
  readonly first: Float32Array;
  /** of the streams at 28x28, 14x14 and 7x7 */
  readonly stages: readonly [Float32Array, Float32Array, Float32Array];
}

/** Blocks of MobileFaceNet by the stage of ResNet-50 that takes them; block 0 goes into the first stage. */
export const STAGE_BLOCKS = [
  [1, 2, 3, 4],
  [5, 6, 7, 8, 9, 10, 11],
  [12, 13, 14],
] as const;

/** MobileFaceNet with ReLU in the place of ReLU6, as ResNet has it. */
export function withRelu(plan: NetworkPlan): NetworkPlan {
  const relu = <T extends { activation: string }>(unit: T): T =>
    unit.activation === 'relu6' ? { ...unit, activation: 'relu' } : unit;
  const { head } = plan;
  return {
    ...plan,
    stem: plan.stem.map(relu),
    blocks: plan.blocks.map((block): Block => ({ ...block, layers: block.layers.map(relu) })),
    head: head.kind === 'weighted' ? { ...head, neck: relu(head.neck) } : head,
  };
}

/** Beyond the least value that was seen. */
const MARGIN = 1.05;

/**
 * How far below zero each channel of MobileFaceNet's residual streams goes: its stream has no ReLU, ResNet's has one behind each
 * block, so a constant is added before and taken out after. The constant is the least value seen, with its sign turned.
 *
 * @param folded MobileFaceNet's folded weights
 * @param images [batch, 112, 112, 3], as MobileFaceNet takes them; a hundred faces are enough
 * @param leftOut blocks that will be left out: the streams behind them reach elsewhere
 */
export async function measureOffsets(
  folded: HostWeights,
  images: tf.Tensor4D,
  leftOut: readonly number[],
): Promise<StreamOffsets> {
  const plan = withRelu(planNetwork(PACKAGE_MOBILEFACENET));
  const least = tf.tidy(() => {
    const run = new Layers(folded);
    let x = plan.stem.reduce((input, unit) => run.unit(input, unit), images);
    const halves = run.halves(x, plan.blocks[0]!);
    const streams: tf.Tensor1D[][] = [[], [], []];
    plan.blocks.forEach((block, index) => {
      if (leftOut.includes(index)) return;
      const y = block.layers.reduce((input, unit) => run.unit(input, unit), x);
      x = block.shortcut === 'identity' ? tf.add(x, y) : y;
      const stage = STAGE_BLOCKS.findIndex((blocks) => (blocks as readonly number[]).includes(index));
      if (stage >= 0) streams[stage]!.push(leastOf(x));
    });
    return [leastAmong(halves), ...streams.map(leastAmong)];
  });
  const values = await Promise.all(least.map((one) => one.data<'float32'>()));
  tf.dispose(least);
  const [first, ...stages] = values.map((one) => one.map((value) => Math.max(0, -value * MARGIN)));
  return { first: first!, stages: stages as unknown as StreamOffsets['stages'] };
}

const leastOf = (map: tf.Tensor4D): tf.Tensor1D => tf.min(map, [0, 1, 2]);
const leastAmong = (all: readonly tf.Tensor1D[]): tf.Tensor1D =>
  all.reduce((one, other) => tf.minimum(one, other));

class Layers {
  private readonly folded: HostWeights;

  constructor(folded: HostWeights) {
    this.folded = folded;
  }

  unit(x: tf.Tensor4D, unit: NetworkPlan['stem'][number]): tf.Tensor4D {
    const { stride, pad, activation } = unit;
    const options = {
      x,
      filter: this.tensor(`${unit.conv}.kernel`) as tf.Tensor4D,
      bias: this.tensor(`${unit.conv}.bias`) as tf.Tensor1D,
      strides: stride,
      pad,
      activation,
    };
    return unit.depthwise ? tf.fused.depthwiseConv2d(options) : tf.fused.conv2d(options);
  }

  /** Least values of the first block's output at the stem's resolution, and of what its first half of hidden channels gives. */
  halves(x: tf.Tensor4D, { layers }: Block): tf.Tensor1D[] {
    const [widen, spread, narrow] = layers as [
      Block['layers'][number],
      Block['layers'][number],
      Block['layers'][number],
    ];
    const hidden = this.unit(this.unit(x, widen), { ...spread, stride: 1 });
    const kernel = this.tensor(`${narrow.conv}.kernel`) as tf.Tensor4D;
    const bias = this.tensor(`${narrow.conv}.bias`) as tf.Tensor1D;
    const half = widen.outputs / 2;
    const part = tf.conv2d(
      tf.slice(hidden, [0, 0, 0, 0], [-1, -1, -1, half]) as tf.Tensor4D,
      tf.slice(kernel, [0, 0, 0, 0], [-1, -1, half, -1]) as tf.Tensor4D,
      1,
      0,
    );
    const whole = tf.conv2d(hidden, kernel, 1, 0);
    return [leastOf(tf.add(part, bias)), leastOf(tf.add(whole, bias))];
  }

  private tensor(name: string): tf.Tensor {
    const { shape, data } = this.folded.get(name)!;
    return tf.tensor(data, [...shape]);
  }
}
