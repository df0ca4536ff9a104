import { readFileSync } from 'node:fs';
import { fromFloat16Bits } from '@rounz/core/model/float16.ts';
import type { HostTensor } from '@rounz/core/model/weights.ts';
import { z } from 'zod';

/** Longest accepted header, bytes; the format's own limit is 100 MB. */
const LONGEST_HEADER = 100_000_000;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
type Entry = z.infer<typeof entrySchema>;

/** Bytes of a value, for the types that weights come in. */
const BYTES: Readonly<Record<string, number>> = { F32: 4, F64: 8, F16: 2, BF16: 2, I64: 8 };

const bfloat = new Float32Array(1);
const bits = new Uint32Array(bfloat.buffer);

function decode(view: DataView, dtype: string, index: number): number {
  switch (dtype) {
    case 'F32':
      return view.getFloat32(index * 4, true);
    case 'F64':
      return view.getFloat64(index * 8, true);
    case 'F16':
      return fromFloat16Bits(view.getUint16(index * 2, true));
    case 'I64':
      return Number(view.getBigInt64(index * 8, true));
    default:
      bits[0] = view.getUint16(index * 2, true) << 16;
      return bfloat[0]!;
  }
}

function readHeader(bytes: Buffer, file: string): { header: Record<string, unknown>; start: number } {
  const damaged = (why: string) =>
    new Error(`${file} is no safetensors file: ${why}. Fetch it again, or convert it again.`);
  if (bytes.length < 8) throw damaged('it is shorter than its length field');
  const length = Number(bytes.readBigUInt64LE(0));
  if (length > LONGEST_HEADER || length > bytes.length - 8)
    throw damaged(`its header should have ${length} bytes, and the file has ${bytes.length}`);
  try {
    return { header: JSON.parse(bytes.toString('utf8', 8, 8 + length)), start: 8 + length };
  } catch {
    throw damaged('its header is no JSON');
  }
}

/** Reads a tensor as float32. @throws Error that says what is wrong with it */
export type ReadTensor = () => HostTensor;

/**
 * The tensors of a `.safetensors` file (8 bytes of header length, a JSON header, little-endian tensors) by name. None is
 * looked at before it is read, so that a counter of another type does no harm.
 *
 * @throws Error that says what is wrong with the file
 */
export function readSafetensors(file: string): Map<string, ReadTensor> {
  const bytes = readFileSync(file);
  const { header, start } = readHeader(bytes, file);
  const tensors = new Map<string, ReadTensor>();
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    tensors.set(name, () => {
      const entry = entrySchema.safeParse(value);
      if (!entry.success)
        throw new Error(`${file}: the entry of ${name} is not valid; convert the file again.`);
      return readTensor(bytes, start, name, entry.data, file);
    });
  }
  return tensors;
}

function readTensor(bytes: Buffer, start: number, name: string, entry: Entry, file: string): HostTensor {
  const { dtype, shape, data_offsets: offsets } = entry;
  const size = BYTES[dtype];
  if (!size)
    throw new Error(`${file}: ${name} is of type ${dtype}; ${Object.keys(BYTES).join(', ')} are read.`);
  const count = shape.reduce((product, side) => product * side, 1);
  const [from, to] = [start + offsets[0], start + offsets[1]];
  if (to - from !== count * size || to > bytes.length)
    throw new Error(`${file}: ${name} should have ${count * size} bytes; the file is cut short or damaged.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset + from, to - from);
  return { shape, data: Float32Array.from({ length: count }, (_, i) => decode(view, dtype, i)) };
}
