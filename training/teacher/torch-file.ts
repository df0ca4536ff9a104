import { errorMessage } from '@rounz/core/error-message.ts';
import type { HostTensor } from '@rounz/core/model/weights.ts';
import { Global, readPickle, type Value } from './pickle.ts';

/** First value of torch's files before version 1.6, and the version of their form (torch/serialization.py). */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/** Kinds of storage, with the bytes of a value. */
const STORAGES: Readonly<Record<string, number>> = { 'torch.FloatStorage': 4, 'torch.LongStorage': 8 };

/** What a persistent id says of a storage; its values stand behind the pickles. */
interface Storage {
  readonly key: string;
  readonly bytes: number;
}

interface Tensor {
  readonly storage: Storage;
  /** in values */
  readonly offset: number;
  readonly shape: readonly number[];
}

const isCount = (value: Value): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0;

const counts = (value: Value | undefined, what: string): number[] => {
  if (!Array.isArray(value) || !value.every(isCount))
    throw new Error(`a tensor's ${what} is no list of counts`);
  return value as number[];
};

/** ('storage', kind, key, place, length, view of another) */
function storageOf(id: Value): Value {
  const [tag, kind, key, , , view] = Array.isArray(id) ? id : [];
  const bytes = kind instanceof Global ? STORAGES[kind.name] : undefined;
  if (tag !== 'storage' || typeof key !== 'string') throw new Error('a persistent id that is no storage');
  if (!bytes)
    throw new Error(
      `a storage of ${kind instanceof Global ? kind.name : kind}; read are ${Object.keys(STORAGES)}`,
    );
  if (view !== null) throw new Error('a storage that is a view of another');
  return { made: { key, bytes } satisfies Storage };
}

/** Stands for `torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, ...)`. */
function tensorOf([storage, offset, shape, strides]: readonly Value[]): Value {
  const sides = counts(shape, 'shape');
  const steps = counts(strides, 'strides');
  if (!storage || typeof storage !== 'object' || !('made' in storage) || !isCount(offset ?? null))
    throw new Error('a tensor without a storage');
  let step = 1;
  for (let i = sides.length - 1; i >= 0; i--) {
    if (sides[i]! > 1 && steps[i] !== step)
      throw new Error('a tensor whose values do not lie in their order');
    step *= sides[i]!;
  }
  return {
    made: { storage: storage.made as Storage, offset: offset as number, shape: sides } satisfies Tensor,
  };
}

function call(name: string, args: readonly Value[]): Value {
  if (name === 'torch._utils._rebuild_tensor_v2') return tensorOf(args);
  if (name === 'collections.OrderedDict' && args.length === 0) return new Map();
  throw new Error(`the file wants ${name} called, which a state dict has no need of`);
}

/** The storages behind the pickles: for each key, in their order, the number of values and the values. */
function readStorages(
  bytes: Buffer,
  start: number,
  keys: readonly string[],
  sizes: ReadonlyMap<string, number>,
) {
  const storages = new Map<string, Buffer>();
  let at = start;
  for (const key of keys) {
    const size = sizes.get(key);
    if (!size) throw new Error(`a storage ${key} that no tensor has`);
    if (at + 8 > bytes.length) throw new Error('the file ends before its last storage');
    const end = at + 8 + Number(bytes.readBigInt64LE(at)) * size;
    if (!(end >= at + 8 && end <= bytes.length))
      throw new Error(`the storage ${key} goes beyond the file's end`);
    storages.set(key, bytes.subarray(at + 8, end));
    at = end;
  }
  if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes behind the last storage`);
  return storages;
}

function valuesOf({ storage, offset, shape }: Tensor, storages: ReadonlyMap<string, Buffer>): HostTensor {
  const values = storages.get(storage.key);
  const count = shape.reduce((product, side) => product * side, 1);
  const [from, to] = [offset * storage.bytes, (offset + count) * storage.bytes];
  if (!values || to > values.length) throw new Error(`a tensor that goes beyond its storage ${storage.key}`);
  const view = new DataView(values.buffer, values.byteOffset + from, to - from);
  const read =
    storage.bytes === 4
      ? (i: number) => view.getFloat32(i * 4, true)
      : (i: number) => Number(view.getBigInt64(i * 8, true));
  return { shape: [...shape], data: Float32Array.from({ length: count }, (_, i) => read(i)) };
}

function readAll(bytes: Buffer): Map<string, HostTensor> {
  let at = 0;
  const next = (): Value => {
    const { value, end } = readPickle(bytes, at, { call, persistent: storageOf });
    at = end;
    return value;
  };
  if (next() !== MAGIC) throw new Error('it does not begin as such a file does');
  const protocol = next();
  if (protocol !== PROTOCOL) throw new Error(`its form has the version ${protocol}, not ${PROTOCOL}`);
  const system = next();
  if (!(system instanceof Map) || system.get('little_endian') !== true)
    throw new Error('it is not little-endian');
  const dictionary = next();
  const keys = next();
  if (!(dictionary instanceof Map) || !Array.isArray(keys)) throw new Error('it holds no state dict');
  const tensors = new Map<string, Tensor>();
  for (const [name, value] of dictionary) {
    if (typeof name !== 'string' || !value || typeof value !== 'object' || !('made' in value))
      throw new Error(`${String(name)} is no tensor`);
    tensors.set(name, value.made as Tensor);
  }
  const sizes = new Map([...tensors.values()].map(({ storage }) => [storage.key, storage.bytes]));
  const storages = readStorages(bytes, at, keys as string[], sizes);
  return new Map([...tensors].map(([name, tensor]) => [name, valuesOf(tensor, storages)]));
}

/**
 * Reads a state dict as torch wrote it before version 1.6 (`torch.save` without zip): five pickles (magic number, version,
 * system, the dictionary, the storages' keys), then the storages. Every tensor comes as float32.
 *
 * @param file its name, for errors
 * @throws Error that says what in it is not read
 */
export function readStateDict(bytes: Buffer, file: string): Map<string, HostTensor> {
  try {
    return readAll(bytes);
  } catch (error) {
    const reason = errorMessage(error);
    throw new Error(`${file} is no state dict that can be read: ${reason}.`, { cause: error });
  }
}
