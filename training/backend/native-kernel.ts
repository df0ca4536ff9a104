import type * as tf from '@tensorflow/tfjs';
import type { NativeBackend } from './native-backend.ts';

export type Inputs = Record<string, tf.TensorInfo>;
export type Attributes = Record<string, unknown>;

/** A kernel as tfjs registers it, with its backend. */
export type Kernel = (
  inputs: Inputs,
  attributes: Attributes,
  backend: NativeBackend,
) => tf.TensorInfo | tf.TensorInfo[];

export const floats = (backend: NativeBackend, tensor: tf.TensorInfo): Float32Array =>
  backend.as(tensor, 'float32').values as Float32Array;
