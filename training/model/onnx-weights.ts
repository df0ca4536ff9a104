import type { HostTensor } from '@rounz/core/model/weights.ts';
import { fieldsOf } from '../util/protobuf-reader.ts';

/** Numbers of ONNX's own schema, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const MODEL = { graph: 7 } as const;
const GRAPH = { initializer: 5 } as const;
const TENSOR = { dims: 1, dataType: 2, floatData: 4, name: 8, rawData: 9 } as const;
const FLOAT = 1;

const VALUE_BYTES = 4;

/**
 * The weights of an ONNX model by their names, in its own layouts: its initialisers of type float; others are passed over.
 *
 * @param name of the file, for messages
 * @throws Error where the file is no ONNX model, or a tensor's values are not as many as its sides say
 */
export function readOnnxWeights(bytes: Uint8Array, name: string): Map<string, HostTensor> {
  const weights = new Map<string, HostTensor>();
  for (const graph of messages(bytes, MODEL.graph))
    for (const tensor of messages(graph, GRAPH.initializer)) {
      const read = readTensor(tensor, name);
      if (read) weights.set(read.name, read.tensor);
    }
  if (weights.size === 0) throw new Error(`${name} holds no weights; it is no ONNX model, or an empty one.`);
  return weights;
}

function* messages(bytes: Uint8Array, wanted: number): Generator<Uint8Array> {
  for (const { field, value } of fieldsOf(bytes))
    if (field === wanted && typeof value !== 'number') yield value;
}

function readTensor(bytes: Uint8Array, file: string): { name: string; tensor: HostTensor } | null {
  const shape: number[] = [];
  const parts: Uint8Array[] = [];
  let [type, name] = [0, ''];
  for (const { field, value } of fieldsOf(bytes)) {
    if (typeof value === 'number') {
      if (field === TENSOR.dims) shape.push(value);
      if (field === TENSOR.dataType) type = value;
    } else if (field === TENSOR.name) name = new TextDecoder().decode(value);
    else if (field === TENSOR.floatData || field === TENSOR.rawData) parts.push(value);
  }
  if (type !== FLOAT) return null;
  const data = floatsOf(parts);
  const wanted = shape.reduce((product, side) => product * side, 1);
  if (data.length !== wanted)
    throw new Error(`${file} is damaged: ${name} has ${data.length} values, and [${shape}] are ${wanted}.`);
  return { name, tensor: { shape, data } };
}

/** Little-endian on every machine. */
function floatsOf(parts: readonly Uint8Array[]): Float32Array {
  const values = parts.reduce((sum, { length }) => sum + length / VALUE_BYTES, 0);
  const data = new Float32Array(values);
  let at = 0;
  for (const part of parts) {
    const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
    for (let offset = 0; offset < part.length; offset += VALUE_BYTES)
      data[at++] = view.getFloat32(offset, true);
  }
  return data;
}
