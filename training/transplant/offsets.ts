import { type Block, type NetworkPlan, planNetwork } from '@rounz/core/model/architecture.ts';
import type { HostWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { PACKAGE_MOBILEFACENET } from '../teacher/mobilefacenet-plan.ts';

/** Constants that keep a stream positive, one for each of its channels: of the streams at 28x28, 14x14 and 7x7. */
export type StreamOffsets = readonly [Float32Array, Float32Array, Float32Array];

/** Blocks of MobileFaceNet by the stage of the ResNet that takes them, from the second stage on. */
export const STAGE_BLOCKS = [
  [0, 1, 2, 3, 4],
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
    const streams: tf.Tensor1D[][] = [[], [], []];
    plan.blocks.forEach((block, index) => {
      if (leftOut.includes(index)) return;
      const y = block.layers.reduce((input, unit) => run.unit(input, unit), x);
      x = block.shortcut === 'identity' ? tf.add(x, y) : y;
      const stage = STAGE_BLOCKS.findIndex((blocks) => (blocks as readonly number[]).includes(index));
      streams[stage]!.push(tf.min(x, [0, 1, 2]));
    });
    return streams.map(leastAmong);
  });
  const values = await Promise.all(least.map((one) => one.data<'float32'>()));
  tf.dispose(least);
  return values.map((one) => one.map((value) => Math.max(0, -value * MARGIN))) as unknown as StreamOffsets;
}

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

  private tensor(name: string): tf.Tensor {
    const { shape, data } = this.folded.get(name)!;
    return tf.tensor(data, [...shape]);
  }
}
