import * as tf from '@tensorflow/tfjs';
import { loadNativeKernels, type NativeDescription } from './native-addon.ts';
import { type ActivationType, NativeBackend } from './native-backend.ts';
import { registerNativeKernels } from './native-kernels.ts';

/** Name of the backend in tfjs' registry; one for each kind of storage. */
const backendName = (activations: ActivationType): string => `rounz-native-${activations}`;

/**
 * Makes the native kernels tfjs' backend.
 *
 * @param activations default: `bfloat16` where the processor multiplies it in hardware (AMX, AVX512-BF16), elsewhere `float32`, which is
 *   faster there
 * @throws Error where the kernels are not built, or the processor cannot multiply what was asked for
 */
export async function useNativeBackend(
  activations?: ActivationType,
): Promise<NativeDescription & { activations: ActivationType }> {
  const { kernels, description } = loadNativeKernels();
  const chosen = activations ?? (description.bf16 ? 'bfloat16' : 'float32');
  if (chosen === 'bfloat16' && !description.takesBf16)
    throw new Error(
      'This processor has no AVX512, without which bfloat16 is not multiplied. Take float32, which is faster here anyway.',
    );
  const name = backendName(chosen);
  if (!tf.findBackendFactory(name)) {
    registerNativeKernels(name);
    tf.registerBackend(name, () => new NativeBackend(kernels, chosen));
  }
  await tf.setBackend(name);
  return { ...description, activations: chosen };
}
