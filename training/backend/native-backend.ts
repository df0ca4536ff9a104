import * as tf from '@tensorflow/tfjs';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { NativeKernels, Values } from './native-addon.ts';

/** Storage of activations. Weights, statistics and everything small stay float32. */
export type ActivationType = 'float32' | 'bfloat16';

interface Entry {
  values: tf.BackendValues;
  dtype: tf.DataType;
  refCount: number;
  complexTensorInfos?: never;
}

/** A float32 tensor to tfjs, stored as bfloat16; any kernel that does not know so reads `values`, widened once. */
export class Bfloat16Entry {
  readonly dtype = 'float32';
  refCount = 1;
  readonly bits: Uint16Array;
  private readonly kernels: NativeKernels;
  private widened: Float32Array | undefined;

  constructor(bits: Uint16Array, kernels: NativeKernels) {
    this.bits = bits;
    this.kernels = kernels;
  }

  get values(): Float32Array {
    if (!this.widened) {
      this.widened = new Float32Array(this.bits.length);
      this.kernels.convert(this.bits, this.widened);
    }
    return this.widened;
  }
}

/** Arrays below this many bytes are cheaper to allocate than to keep. */
const POOL_FLOOR = 16 * 1024;

/** Keeps freed arrays by size: a training step asks for the same sizes every time, and fresh pages cost more than sums. */
class ArrayPool {
  private readonly free = new Map<string, Values[]>();
  private readonly owned = new WeakSet<object>();
  private readonly buffers = new WeakSet<object>();

  take(length: number, type: ActivationType): Values {
    const reused = this.free.get(`${type}:${length}`)?.pop();
    if (reused) return reused;
    const fresh = type === 'float32' ? new Float32Array(length) : new Uint16Array(length);
    if (fresh.byteLength >= POOL_FLOOR) {
      this.owned.add(fresh);
      this.buffers.add(fresh.buffer);
    }
    return fresh;
  }

  /** Whether these are a part of an array that will be used again. */
  isView(values: tf.BackendValues): boolean {
    return values instanceof Float32Array && !this.owned.has(values) && this.buffers.has(values.buffer);
  }

  owns(values: object): boolean {
    return this.owned.has(values);
  }

  give(values: Values): void {
    if (!this.owned.has(values)) return;
    const key = `${values instanceof Float32Array ? 'float32' : 'bfloat16'}:${values.length}`;
    const list = this.free.get(key);
    if (list) list.push(values);
    else this.free.set(key, [values]);
  }
}

/** tfjs' CPU backend whose heavy kernels run natively, with recycled memory and optional bfloat16 activations. */
export class NativeBackend extends MathBackendCPU {
  readonly kernels: NativeKernels;
  readonly activations: ActivationType;
  private readonly pool = new ArrayPool();

  constructor(kernels: NativeKernels, activations: ActivationType) {
    super();
    this.kernels = kernels;
    this.activations = activations;
  }

  /** A new tensor for a kernel to fill; its old content is anything. */
  allocate(shape: readonly number[], type: ActivationType): { info: tf.TensorInfo; values: Values } {
    const size = tf.util.sizeFromShape([...shape]);
    const values = this.pool.take(size, type);
    const info = this.makeTensorInfo(
      [...shape],
      'float32',
      values instanceof Float32Array ? values : undefined,
    );
    if (values instanceof Uint16Array) {
      this.data.set(info.dataId, new Bfloat16Entry(values, this.kernels) as never);
    }
    return { info, values };
  }

  /** tfjs' slices are views: they would change with what is computed after the tensor they were cut from is gone. */
  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    const kept = this.pool.isView(values) ? (values as Float32Array).slice() : values;
    return super.write(kept, shape, dtype);
  }

  /** The tensor's values as they are stored. */
  stored(tensor: tf.TensorInfo): Values {
    const entry = this.entry(tensor.dataId);
    return entry instanceof Bfloat16Entry ? entry.bits : (entry.values as Float32Array);
  }

  /** The tensor's values as `type`: as stored where that fits, else converted into `release`d memory. */
  as(tensor: tf.TensorInfo, type: ActivationType): { values: Values; release: () => void } {
    const values = this.stored(tensor);
    if (values instanceof Uint16Array === (type === 'bfloat16')) return { values, release: () => {} };
    const converted = this.pool.take(values.length, type);
    this.kernels.convert(values, converted);
    return { values: converted, release: () => this.pool.give(converted) };
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    const entry = this.data.has(dataId) ? this.entry(dataId) : undefined;
    const gone = super.disposeData(dataId, force);
    if (entry && !this.data.has(dataId)) {
      const values = entry instanceof Bfloat16Entry ? entry.bits : entry.values;
      if (values instanceof Float32Array || values instanceof Uint16Array) this.pool.give(values);
    }
    return gone;
  }

  override readSync(dataId: tf.DataId): tf.BackendValues {
    const values = super.readSync(dataId);
    return this.pool.owns(values as object) ? (values as Float32Array).slice() : values;
  }

  private entry(dataId: tf.DataId): Entry | Bfloat16Entry {
    return this.data.get(dataId) as unknown as Entry | Bfloat16Entry;
  }
}
