import { errorMessage } from '@rounz/core/error-message.ts';
import type { Lane } from '@rounz/core/model/backend-race.ts';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { createEnding, type Ending } from './ending.ts';
import { VisionError } from './errors.ts';
import type { VisionBackend } from './protocol.ts';
import { threadedWasm } from './wasm-threads.ts';

/** The backend that tfjs now runs on. */
export interface ActiveBackend {
  readonly kind: VisionBackend;
  /** ends with `gpu-lost` when the GPU goes; never on WASM */
  readonly lost: Ending;
}

async function set(kind: VisionBackend): Promise<void> {
  if (!(await tf.setBackend(kind))) throw new Error(`tfjs could not start its ${kind} backend`);
  await tf.ready();
}

/** Ends when the device behind tfjs' WebGPU backend is lost. */
function gpuLoss(): Ending {
  const { device } = tf.backend() as unknown as { device: GPUDevice };
  const lost = createEnding();
  void device.lost.then(({ message, reason }) =>
    lost.end(
      new VisionError(
        'gpu-lost',
        `The GPU was lost (${message || reason || 'no reason given'}). Recognition goes on without it, more slowly.`,
      ),
    ),
  );
  return lost;
}

/**
 * Starts a backend, or goes back to it where it runs already. There is one WASM backend at a time, for tfjs keeps its kernels in
 * module state: with another number of threads it is another one, and the tensors of the one before are gone.
 *
 * @param wasmUrl folder of the WASM binaries
 * @throws VisionError `backend-unavailable`
 */
export async function activateBackend({ backend, threads }: Lane, wasmUrl: string): Promise<ActiveBackend> {
  tf.enableProdMode();
  if (backend === 'wasm') {
    await activateWasm(wasmUrl.endsWith('/') ? wasmUrl : `${wasmUrl}/`, threads);
    return { kind: backend, lost: createEnding() };
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
  return { kind: backend, lost: gpuLoss() };
}

/** Lets go of the backends that the network does not run on, and of their memory. */
export function dropOthers({ backend }: Lane): void {
  const other: VisionBackend = backend === 'wasm' ? 'webgpu' : 'wasm';
  if (!tf.findBackendFactory(other)) return;
  tf.removeBackend(other);
  if (other === 'wasm') wasmThreads = null;
}

/** of the WASM backend that tfjs has now; 1 is what its package registers; null: it has none */
let wasmThreads: number | null = 1;
/** How tfjs' package makes it, on one thread. */
const plainWasm = tf.findBackendFactory('wasm');

async function activateWasm(folder: string, threads: number): Promise<void> {
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths(folder);
  try {
    if (threads !== wasmThreads) {
      const made = threads === 1 ? null : await threadedWasm(folder, threads);
      if (wasmThreads !== null) tf.removeBackend('wasm');
      if (!made) setThreadsCount(1);
      tf.registerBackend('wasm', made ? () => made : plainWasm);
      wasmThreads = threads;
    }
    await set('wasm');
  } catch (error) {
    throw new VisionError(
      'backend-unavailable',
      `The WASM binaries at ${folder} could not be started (${errorMessage(error)}). ` +
        'Check that the build serves them, then reload.',
      error,
    );
  }
}
