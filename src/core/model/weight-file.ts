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

/**
 * Rows of a kernel that share a scale in each output channel. Where one large weight stands among small ones (the diagonal of a
 * transplanted kernel), only its group is coarse.
 */
const GROUP_ROWS = 32;

const groupsOf = (shape: readonly number[]): { outputs: number; groups: number } => {
  const outputs = shape[shape.length - 1]!;
  const rows = shape.slice(0, -1).reduce((product, side) => product * side, 1);
  return { outputs, groups: Math.ceil(rows / GROUP_ROWS) };
};

/** Calls `each` with every weight's place and the place of its scale: rows of a kernel stand one behind the other. */
function forEachGrouped(size: number, outputs: number, each: (i: number, scale: number) => void): void {
  const span = GROUP_ROWS * outputs;
  for (let start = 0, first = 0; start < size; start += span, first += outputs) {
    const end = Math.min(size, start + span);
    for (let i = start, o = 0; i < end; i++, o = o + 1 === outputs ? 0 : o + 1) each(i, first + o);
  }
}

/** Symmetric 8-bit, one float16 scale for each `GROUP_ROWS` rows of each output channel; the scales stand behind the codes. */
function encodeGroupedInt8({ data, shape }: HostTensor): Encoded {
  const { outputs, groups } = groupsOf(shape);
  const highest = new Float32Array(groups * outputs);
  forEachGrouped(data.length, outputs, (i, g) => {
    highest[g] = Math.max(highest[g]!, Math.abs(data[i]!));
  });
  const stored = encodeFloat16(highest.map((value) => value / 127));
  const scales = decodeFloat16(stored);
  const codes = new Int8Array(data.length);
  forEachGrouped(data.length, outputs, (i, g) => {
    // A scale that was rounded down would push the largest weight past 127.
    codes[i] = Math.max(-127, Math.min(127, Math.round(data[i]! / (scales[g]! || 1))));
  });
  const bytes = new Uint8Array(scalesAt(data.length) + stored.byteLength);
  bytes.set(bytesOf(codes));
  bytes.set(bytesOf(stored), scalesAt(data.length));
  return { bytes };
}

/** Bytes from a grouped tensor's start to its scales, which are two bytes each. */
const scalesAt = (size: number): number => size + (size % 2);

function decodeGroupedInt8({ name, shape, offset, bytes }: TensorEntry, buffer: ArrayBuffer): Float32Array {
  const size = shape.reduce((product, side) => product * side, 1);
  const { outputs, groups } = groupsOf(shape);
  if (bytes !== scalesAt(size) + groups * outputs * 2)
    throw new Error(`The tensor ${name} does not fit its place in the weight file.`);
  const codes = new Int8Array(buffer, offset, size);
  const scales = decodeFloat16(new Uint16Array(buffer, offset + scalesAt(size), groups * outputs));
  const values = new Float32Array(size);
  forEachGrouped(size, outputs, (i, g) => {
    values[i] = codes[i]! * scales[g]!;
  });
  return values;
}

function encode(tensor: HostTensor, type: WeightType): Encoded {
  if (type === 'float32') return { bytes: bytesOf(tensor.data) };
  if (type === 'float16') return { bytes: bytesOf(encodeFloat16(tensor.data)) };
  return type === 'int8' ? encodeInt8(tensor) : encodeGroupedInt8(tensor);
}

/** Biases stay at float32 under 8 bits; so do depthwise kernels under grouped ones: they cost nothing. */
function typeOf({ shape }: HostTensor, type: WeightType): WeightType {
  if (type === 'int8') return shape.length < 2 ? 'float32' : type;
  if (type === 'int8-grouped') return shape.length < 2 || shape[shape.length - 1] === 1 ? 'float32' : type;
  return type;
}

/**
 * Writes tensors one behind the other.
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
    const dtype = typeOf(tensor, type);
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
  if (dtype === 'int8-grouped') return decodeGroupedInt8(entry, buffer);
  const channels = channelsOf(entry.shape);
  if (scales?.length !== channels) throw new Error(`The tensor ${entry.name} lacks its ${channels} scales.`);
  const codes = new Int8Array(buffer, offset, bytes);
  const values = new Float32Array(codes.length);
  for (let i = 0; i < codes.length; i++) values[i] = codes[i]! * scales[i % channels]!;
  return values;
}

const WIDTH: Record<Exclude<WeightType, 'int8-grouped'>, number> = { float32: 4, float16: 2, int8: 1 };

/**
 * The tensors one by one, each decoded when it is asked for: whoever puts them on a backend never holds all of them as
 * float32.
 *
 * @param buffer the concatenated shards
 * @throws Error where a tensor's place does not fit its shape or the buffer
 */
export function* eachWeight(
  tensors: readonly TensorEntry[],
  buffer: ArrayBuffer,
): Generator<readonly [string, HostTensor]> {
  for (const entry of tensors) {
    const size = entry.shape.reduce((product, side) => product * side, 1);
    const fits = entry.dtype === 'int8-grouped' || entry.bytes === size * WIDTH[entry.dtype];
    if (!fits || entry.offset + entry.bytes > buffer.byteLength) {
      throw new Error(`The tensor ${entry.name} does not fit its place in the weight file.`);
    }
    yield [entry.name, { shape: entry.shape, data: decode(entry, buffer) }];
  }
}

/** All of `eachWeight`'s tensors by name. */
export const unpackWeights = (
  tensors: readonly TensorEntry[],
  buffer: ArrayBuffer,
): Map<string, HostTensor> => new Map(eachWeight(tensors, buffer));
