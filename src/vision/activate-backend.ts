import { errorMessage } from '@rounz/core/error-message.ts';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { VisionError } from './errors.ts';
import type { VisionBackend } from './protocol.ts';

/** The backend that tfjs now runs on. */
export interface ActiveBackend {
  readonly kind: VisionBackend;
  /** rejects with `gpu-lost` when the GPU goes; never settles on WASM */
  readonly lost: Promise<never>;
}

async function set(kind: VisionBackend): Promise<void> {
  if (!(await tf.setBackend(kind))) throw new Error(`tfjs could not start its ${kind} backend`);
  await tf.ready();
}

/** The promise that rejects when the device behind tfjs' WebGPU backend is lost. */
function gpuLoss(): Promise<never> {
  const { device } = tf.backend() as unknown as { device: GPUDevice };
  const lost = device.lost.then(({ message, reason }) => {
    throw new VisionError(
      'gpu-lost',
      `The GPU was lost (${message || reason || 'no reason given'}). Recognition goes on without it, more slowly.`,
    );
  });
  // Marks the rejection as handled; callers that wait still get the error.
  lost.catch(() => {});
  return lost;
}

/**
 * Starts a backend, or goes back to it where it runs already.
 *
 * @param wasmUrl folder of the WASM binaries
 * @throws VisionError `backend-unavailable`
 */
export async function activateBackend(kind: VisionBackend, wasmUrl: string): Promise<ActiveBackend> {
  tf.enableProdMode();
  if (kind === 'wasm') {
    await activateWasm(wasmUrl);
    return { kind, lost: new Promise(() => {}) };
  }
  try {
    await import('@tensorflow/tfjs-backend-webgpu');
    await set('webgpu');
  } catch (error) {
    tf.removeBackend('webgpu');
    throw new VisionError(
      'backend-unavailable',
      `WebGPU does not work here (${errorMessage(error)}).`,
      error,
    );
  }
  return { kind, lost: gpuLoss() };
}

/** One thread: what was tried with several stands in docs/decisions/022-two-workers.md. */
async function activateWasm(wasmUrl: string): Promise<void> {
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths(wasmUrl.endsWith('/') ? wasmUrl : `${wasmUrl}/`);
  try {
    await set('wasm');
  } catch (error) {
    throw new VisionError(
      'backend-unavailable',
      `The WASM binaries at ${wasmUrl} could not be started (${errorMessage(error)}). ` +
        'Check that the build serves them, then reload.',
      error,
    );
  }
}
