import {
  type Activation,
  type ConvUnit,
  EMBEDDING_LAYER,
  type NetworkPlan,
} from '@rounz/core/model/architecture.ts';
import type { HostTensor, HostWeights } from '@rounz/core/model/weights.ts';
import { Message } from '../util/protobuf.ts';

/** Numbers of ONNX's own schema, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const FLOAT_TENSOR = 1;
const ATTRIBUTE = { int: 2, ints: 7 } as const;
const IR_VERSION = 8;
const OPSET = 17;

export const ONNX_INPUT = 'images';
export const ONNX_OUTPUT = 'embeddings';

/** The graph while it is built: names of tensors stand for the tensors. */
class Graph {
  private readonly graph = new Message();
  private nodes = 0;

  /** @returns the name of what the node gives */
  node(
    type: string,
    inputs: readonly string[],
    attributes: Record<string, number | number[]> = {},
    output?: string,
  ): string {
    const name = output ?? `${type}-${this.nodes++}`;
    const node = new Message();
    for (const input of inputs) node.string(1, input);
    node.string(2, name).string(4, type);
    for (const [key, value] of Object.entries(attributes)) node.message(5, attribute(key, value));
    this.graph.message(1, node);
    return name;
  }

  /** @returns its name */
  constant(name: string, shape: readonly number[], data: Float32Array): string {
    const tensor = new Message();
    for (const side of shape) tensor.varint(1, side);
    tensor.varint(2, FLOAT_TENSOR).string(8, name);
    tensor.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    this.graph.message(5, tensor);
    return name;
  }

  finish(inputShape: readonly number[], outputShape: readonly number[]): Uint8Array {
    this.graph.string(2, 'recogniser');
    this.graph
      .message(11, valueInfo(ONNX_INPUT, inputShape))
      .message(12, valueInfo(ONNX_OUTPUT, outputShape));
    const opset = new Message().string(1, '').varint(2, OPSET);
    return new Message().varint(1, IR_VERSION).message(7, this.graph).message(8, opset).finish();
  }
}

function attribute(name: string, value: number | number[]): Message {
  const message = new Message().string(1, name);
  if (typeof value === 'number') return message.varint(3, value).varint(20, ATTRIBUTE.int);
  for (const one of value) message.varint(8, one);
  return message.varint(20, ATTRIBUTE.ints);
}

function valueInfo(name: string, shape: readonly number[]): Message {
  const sides = new Message();
  for (const side of shape) sides.message(1, new Message().varint(1, side));
  const tensor = new Message().varint(1, FLOAT_TENSOR).message(2, sides);
  return new Message().string(1, name).message(2, new Message().message(1, tensor));
}

/** A depthwise kernel [height, width, channels, 1] is ONNX's [channels, 1, height, width]. */
const kernelOf = (kernel: HostTensor, depthwise: boolean) => {
  const [height, width, inputs, outputs] = kernel.shape as [number, number, number, number];
  return channelsFirst(depthwise ? { shape: [height, width, outputs, inputs], data: kernel.data } : kernel);
};

/** [height, width, in, out] to ONNX's [out, in, height, width]. */
function channelsFirst({ shape, data }: HostTensor): { shape: number[]; data: Float32Array } {
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  const turned = new Float32Array(data.length);
  let from = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let i = 0; i < inputs; i++)
        for (let o = 0; o < outputs; o++) turned[((o * inputs + i) * height + y) * width + x] = data[from++]!;
  return { shape: [outputs, inputs, height, width], data: turned };
}

/**
 * The inference form as an ONNX model, for measuring other runtimes with the same weights.
 *
 * @param folded weights of the inference form, as `foldWeights` gives them
 * @param size side of the pictures; input [1, 3, size, size], output [1, embeddingSize] of unit length
 */
export function toOnnx(plan: NetworkPlan, folded: HostWeights, size: number): Uint8Array {
  const graph = new Graph();
  const get = (name: string): HostTensor => {
    const tensor = folded.get(name);
    if (!tensor) throw new Error(`The model lacks ${name}; it is of another architecture.`);
    return tensor;
  };
  const conv = (x: string, unit: ConvUnit, added?: string): string => {
    const { conv: name, kernel, stride, pad, depthwise, outputs, activation } = unit;
    const { shape, data } = kernelOf(get(`${name}.kernel`), depthwise);
    const bias = get(`${name}.bias`);
    const weights = [
      graph.constant(`${name}.kernel`, shape, data),
      graph.constant(`${name}.bias`, bias.shape, bias.data),
    ];
    const y = graph.node('Conv', [x, ...weights], {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
      group: depthwise ? outputs : 1,
    });
    return activated(added === undefined ? y : graph.node('Add', [y, added]), activation);
  };
  const limits = [
    graph.constant('zero', [], Float32Array.of(0)),
    graph.constant('six', [], Float32Array.of(6)),
  ];
  const activated = (y: string, activation: Activation): string => {
    if (activation === 'relu') return graph.node('Relu', [y]);
    return activation === 'relu6' ? graph.node('Clip', [y, ...limits]) : y;
  };
  let x = plan.stem.reduce((input, unit) => conv(input, unit), ONNX_INPUT);
  if (plan.pool)
    x = graph.node('MaxPool', [x], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
  for (const { layers, shortcut } of plan.blocks) {
    const input = x;
    const added = shortcut === 'none' ? undefined : shortcut === 'identity' ? input : conv(input, shortcut);
    x = layers.reduce((y, unit, i) => conv(y, unit, i === layers.length - 1 ? added : undefined), input);
  }
  const { head } = plan;
  const pooled =
    head.kind === 'mean' ? graph.node('GlobalAveragePool', [x]) : conv(conv(x, head.neck), head.pool);
  const features = graph.node('Flatten', [pooled]);
  const [kernel, bias] = [get(`${EMBEDDING_LAYER}.kernel`), get(`${EMBEDDING_LAYER}.bias`)];
  const embedded = graph.node('Gemm', [
    features,
    graph.constant(`${EMBEDDING_LAYER}.kernel`, kernel.shape, kernel.data),
    graph.constant(`${EMBEDDING_LAYER}.bias`, bias.shape, bias.data),
  ]);
  graph.node('LpNormalization', [embedded], { axis: 1, p: 2 }, ONNX_OUTPUT);
  return graph.finish([1, 3, size, size], [1, plan.embeddingSize]);
}
