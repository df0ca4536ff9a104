import { type ConvUnit, EMBEDDING_LAYER, type NetworkPlan, slopeOf } from '@rounz/core/model/architecture.ts';
import type { HostTensor, HostWeights } from '@rounz/core/model/weights.ts';
import { Message } from '../util/protobuf.ts';
import { channelsFirst } from './channels-first.ts';

/** Numbers of ONNX's own schema, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const FLOAT_TENSOR = 1;
const INT64_TENSOR = 7;
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
    const [name] = this.nodeOf(type, inputs, attributes, [output ?? `${type}-${this.nodes++}`]);
    return name!;
  }

  /** @returns the names of two equal halves along the first axis */
  halves(input: string): readonly [string, string] {
    const names = [0, 1].map((half) => `Split-${this.nodes}-${half}`);
    this.nodes++;
    const [first, second] = this.nodeOf('Split', [input], { axis: 0 }, names);
    return [first!, second!];
  }

  private nodeOf(
    type: string,
    inputs: readonly string[],
    attributes: Record<string, number | number[]>,
    outputs: readonly string[],
  ): readonly string[] {
    const node = new Message();
    for (const input of inputs) node.string(1, input);
    for (const output of outputs) node.string(2, output);
    node.string(4, type);
    for (const [key, value] of Object.entries(attributes)) node.message(5, attribute(key, value));
    this.graph.message(1, node);
    return outputs;
  }

  /** Whole numbers, for operators that take positions. @returns its name */
  positions(name: string, values: readonly number[]): string {
    const tensor = new Message().varint(1, values.length).varint(2, INT64_TENSOR).string(8, name);
    const data = BigInt64Array.from(values, BigInt);
    tensor.bytes(9, new Uint8Array(data.buffer));
    this.graph.message(5, tensor);
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

  /** @param notes the model's own properties, by name */
  finish(
    inputShape: readonly Side[],
    outputShape: readonly Side[],
    notes: Readonly<Record<string, string>>,
  ): Uint8Array {
    this.graph.string(2, 'recogniser');
    this.graph
      .message(11, valueInfo(ONNX_INPUT, inputShape))
      .message(12, valueInfo(ONNX_OUTPUT, outputShape));
    const opset = new Message().string(1, '').varint(2, OPSET);
    const model = new Message().varint(1, IR_VERSION).string(2, 'rounz').message(7, this.graph);
    model.message(8, opset);
    for (const [key, value] of Object.entries(notes))
      model.message(14, new Message().string(1, key).string(2, value));
    return model.finish();
  }
}

function attribute(name: string, value: number | number[]): Message {
  const message = new Message().string(1, name);
  if (typeof value === 'number') return message.varint(3, value).varint(20, ATTRIBUTE.int);
  for (const one of value) message.varint(8, one);
  return message.varint(20, ATTRIBUTE.ints);
}

/** A number, or the name of one that the caller chooses. */
type Side = number | string;

function valueInfo(name: string, shape: readonly Side[]): Message {
  const sides = new Message();
  for (const side of shape)
    sides.message(
      1,
      typeof side === 'number' ? new Message().varint(1, side) : new Message().string(2, side),
    );
  const tensor = new Message().varint(1, FLOAT_TENSOR).message(2, sides);
  return new Message().string(1, name).message(2, new Message().message(1, tensor));
}

export interface OnnxOptions {
  /** sum each picture's embedding and its mirror image's, both of unit length, as the manifest's `input.mirror` says */
  readonly mirror?: boolean;
  /** pictures at a time */
  readonly batch?: 1 | 'any';
  /** the model's own properties, by name */
  readonly notes?: Readonly<Record<string, string>>;
}

/** The pictures and then their mirror images: the last axis read backwards. */
function withMirrored(graph: Graph): string {
  // From the last column to one before the first; the end is clamped to that.
  const slice = [
    graph.positions('mirror.starts', [-1]),
    graph.positions('mirror.ends', [-(2 ** 31)]),
    graph.positions('mirror.axes', [3]),
    graph.positions('mirror.steps', [-1]),
  ];
  const mirrored = graph.node('Slice', [ONNX_INPUT, ...slice]);
  return graph.node('Concat', [ONNX_INPUT, mirrored], { axis: 0 });
}

/** Embeddings of pictures and then of their mirror images, each brought to unit length and then summed. */
function sumOfHalves(graph: Graph, embedded: string): string {
  const halves = graph.halves(graph.node('LpNormalization', [embedded], { axis: 1, p: 2 }));
  return graph.node('Add', halves);
}

/**
 * The inference form as an ONNX model (opset 17).
 *
 * @param folded weights of the inference form, as `foldWeights` gives them
 * @param size side of the pictures; input [batch, 3, size, size], output [batch, embeddingSize] of unit length
 */
export function toOnnx(
  plan: NetworkPlan,
  folded: HostWeights,
  size: number,
  { mirror = false, batch = 1, notes = {} }: OnnxOptions = {},
): Uint8Array {
  const graph = new Graph();
  const get = (name: string): HostTensor => {
    const tensor = folded.get(name);
    if (!tensor) throw new Error(`The model lacks ${name}; it is of another architecture.`);
    return tensor;
  };
  const conv = (x: string, unit: ConvUnit, added?: string): string => {
    const { conv: name, kernel, stride, pad, depthwise, outputs } = unit;
    const { shape, data } = channelsFirst(get(`${name}.kernel`), depthwise);
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
    return activated(added === undefined ? y : graph.node('Add', [y, added]), unit);
  };
  let limits: readonly string[] | undefined;
  const relu6 = (y: string): string => {
    limits ??= [
      graph.constant('zero', [], Float32Array.of(0)),
      graph.constant('six', [], Float32Array.of(6)),
    ];
    return graph.node('Clip', [y, ...limits]);
  };
  const activated = (y: string, unit: ConvUnit): string => {
    const { activation } = unit;
    const slope = slopeOf(unit);
    // Its slopes lie along the channels, which come before height and width.
    if (slope) return graph.node('PRelu', [y, graph.constant(slope, [unit.outputs, 1, 1], get(slope).data)]);
    if (activation === 'relu') return graph.node('Relu', [y]);
    return activation === 'relu6' ? relu6(y) : y;
  };
  let x = plan.stem.reduce((input, unit) => conv(input, unit), mirror ? withMirrored(graph) : ONNX_INPUT);
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
  const summed = mirror ? sumOfHalves(graph, embedded) : embedded;
  graph.node('LpNormalization', [summed], { axis: 1, p: 2 }, ONNX_OUTPUT);
  const count = batch === 'any' ? 'N' : batch;
  return graph.finish([count, 3, size, size], [count, plan.embeddingSize], notes);
}
