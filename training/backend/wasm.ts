import * as tf from '@tensorflow/tfjs';
import { COMPOSED_KERNELS, registerComposed } from './composed-kernels.ts';

/**
 * Makes tfjs' WASM backend the backend, with what training asks of it and it lacks (a convolution's gradient in its filter) or
 * has wrong: max pooling's gradient where a window is wholly negative, and `oneHot` in float32, whose values it writes as
 * integers' bits, so that every loss over classes is 0.
 *
 * @throws Error where it does not start
 */
export async function useWasmBackend(): Promise<string> {
  await import('@tensorflow/tfjs-backend-wasm');
  // Its matrix product is several times slower with the flag than after a transposition.
  const product = (a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D => tf.matMul(tf.transpose(a), b);
  registerComposed('wasm', COMPOSED_KERNELS, product);
  if (!(await tf.setBackend('wasm'))) throw new Error('tfjs could not start its WASM backend');
  return `tfjs WASM ${tf.version.tfjs}`;
}
