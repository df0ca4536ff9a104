import type { TensorEntry } from './file-entries.ts';
import { decodeFloat16, encodeFloat16 } from './float16.ts';
import type { HostTensor, HostWeights } from './weights.ts';

export type WeightType = TensorEntry['dtype'];

/** Tensors start at multiples of this many bytes, so that typed arrays can view them. */
const ALIGNMENT = 4;

interface Encoded {
  readonly bytes: Uint8Array;
  readonly scales?: number[];
}

const bytesOf = (view: ArrayBufferView): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/** Significant digits of a scale: what a float32 holds, and no more, for manifests carry tens of thousands of them. */
const SCALE_DIGITS = 7;

/** Channels with a scale of their own: the last axis, or of a depthwise kernel [side, side, channels, 1] the one before it. */
function channelsOf(shape: readonly number[]): number {
  const last = shape[shape.length - 1]!;
  return last === 1 && shape.length === 4 ? shape[2]! : last;
}

/** Symmetric 8-bit, one scale for each output channel: value = int8 * scale. */
function encodeInt8({ data, shape }: HostTensor): Encoded {
  const channels = channelsOf(shape);
  const highest = new Array<number>(channels).fill(0);
  data.forEach((value, i) => {
    highest[i % channels] = Math.max(highest[i % channels]!, Math.abs(value));
  });
  const scales = highest.map((value) => Number((value / 127).toPrecision(SCALE_DIGITS)));
  const codes = Int8Array.from(data, (value, i) => Math.round(value / (scales[i % channels]! || 1)));
  return { bytes: bytesOf(codes), scales };
}

function encode(tensor: HostTensor, type: WeightType): Encoded {
  if (type === 'float32') return { bytes: bytesOf(tensor.data) };
  if (type === 'float16') return { bytes: bytesOf(encodeFloat16(tensor.data)) };
  return encodeInt8(tensor);
}

/**
 * Writes tensors one behind the other. Vectors (biases) stay at float32 under int8: they cost nothing.
 *
 * @returns the bytes and each tensor's place in them
 */
export function packWeights(
  weights: HostWeights,
  type: WeightType,
): { bytes: Uint8Array; tensors: TensorEntry[] } {
  const parts: Uint8Array[] = [];
  const tensors: TensorEntry[] = [];
  let offset = 0;
  for (const [name, tensor] of weights) {
    const dtype = type === 'int8' && tensor.shape.length < 2 ? 'float32' : type;
    const { bytes, scales } = encode(tensor, dtype);
    const entry = { name, shape: [...tensor.shape], dtype, offset, bytes: bytes.length };
    tensors.push(scales ? { ...entry, scales } : entry);
    const padded = new Uint8Array(Math.ceil(bytes.length / ALIGNMENT) * ALIGNMENT);
    padded.set(bytes);
    parts.push(padded);
    offset += padded.length;
  }
  const all = new Uint8Array(offset);
  let position = 0;
  for (const part of parts) {
    all.set(part, position);
    position += part.length;
  }
  return { bytes: all, tensors };
}

function decode(entry: TensorEntry, buffer: ArrayBuffer): Float32Array {
  const { offset, bytes, dtype, scales } = entry;
  if (dtype === 'float32') return new Float32Array(buffer, offset, bytes / 4);
  if (dtype === 'float16') return decodeFloat16(new Uint16Array(buffer, offset, bytes / 2));
  const channels = channelsOf(entry.shape);
  if (scales?.length !== channels) throw new Error(`The tensor ${entry.name} lacks its ${channels} scales.`);
  const codes = new Int8Array(buffer, offset, bytes);
  const values = new Float32Array(codes.length);
  for (let i = 0; i < codes.length; i++) values[i] = codes[i]! * scales[i % channels]!;
  return values;
}

const WIDTH: Record<WeightType, number> = { float32: 4, float16: 2, int8: 1 };

/**
 * @param buffer the concatenated shards
 * @throws Error where a tensor's place does not fit its shape or the buffer
 */
export function unpackWeights(tensors: readonly TensorEntry[], buffer: ArrayBuffer): Map<string, HostTensor> {
  const weights = new Map<string, HostTensor>();
  for (const entry of tensors) {
    const size = entry.shape.reduce((product, side) => product * side, 1);
    if (entry.bytes !== size * WIDTH[entry.dtype] || entry.offset + entry.bytes > buffer.byteLength) {
      throw new Error(`The tensor ${entry.name} does not fit its place in the weight file.`);
    }
    weights.set(entry.name, { shape: entry.shape, data: decode(entry, buffer) });
  }
  return weights;
}
