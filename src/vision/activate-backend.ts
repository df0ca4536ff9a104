import { errorMessage } from '@rounz/core/error-message.ts';
import type { Clock } from '@rounz/core/time/clock.ts';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { Capabilities } from './capabilities.ts';
import { type BackendChoice, chooseBackend, confirmWebGpu, type NoBackend } from './choose-backend.ts';
import { VISION, type VisionConfig } from './config.ts';
import { VisionError } from './errors.ts';
import type { VisionBackend, VisionOptions } from './protocol.ts';

/** The backend that tfjs now runs on. */
export interface ActiveBackend {
  readonly kind: VisionBackend;
  readonly reason: string;
  /** rejects with `gpu-lost` when the GPU goes; never settles on WASM */
  readonly lost: Promise<never>;
}

function demand(choice: BackendChoice | NoBackend): BackendChoice {
  if (choice.kind === 'none') throw new VisionError('backend-unavailable', choice.reason);
  return choice;
}

async function set(kind: VisionBackend): Promise<void> {
  if (!(await tf.setBackend(kind))) throw new Error(`tfjs could not start its ${kind} backend`);
  await tf.ready();
}

/** Median milliseconds of one run of the test convolution, readback included. */
async function microRun(
  { side, channels, repeats }: VisionConfig['microRun'],
  clock: Clock,
): Promise<number> {
  const x = tf.ones<tf.Rank.R4>([1, side, side, channels]);
  const filter = tf.fill<tf.Rank.R4>([3, 3, channels, channels], 1 / (9 * channels));
  const run = async (): Promise<number> => {
    const from = clock.now();
    const sum = tf.tidy(() => tf.mean(tf.conv2d(x, filter, 1, 'same')));
    const [mean] = await sum.data();
    sum.dispose();
    if (!(mean! > 0.5 && mean! <= 1.01)) throw new Error(`the test run gave ${mean}`);
    return clock.now() - from;
  };
  try {
    await run();
    const times: number[] = [];
    for (let i = 0; i < repeats; i++) times.push(await run());
    return times.sort((a, b) => a - b)[repeats >> 1]!;
  } finally {
    x.dispose();
    filter.dispose();
  }
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

async function tryWebGpu(
  choice: BackendChoice,
  forced: boolean,
  capabilities: Capabilities,
  clock: Clock,
  config: VisionConfig,
): Promise<BackendChoice | NoBackend> {
  try {
    await import('@tensorflow/tfjs-backend-webgpu');
    await set('webgpu');
    // A forced backend is for tests on software adapters, which would fail this check.
    if (forced) return choice;
    const confirmed = confirmWebGpu(
      choice,
      await microRun(config.microRun, clock),
      config.microRunLimit,
      capabilities,
    );
    if (confirmed.kind !== 'webgpu') tf.removeBackend('webgpu');
    return confirmed;
  } catch (error) {
    if (forced)
      throw new VisionError(
        'backend-unavailable',
        `WebGPU was asked for and does not work here (${error}).`,
        error,
      );
    tf.removeBackend('webgpu');
    return confirmWebGpu(choice, null, config.microRunLimit, capabilities);
  }
}

export interface ActivateOptions extends Pick<VisionOptions, 'forceBackend' | 'gpuLost' | 'wasmUrl'> {}

/**
 * Starts the backend that the capabilities call for.
 *
 * @throws VisionError `backend-unavailable`
 */
export async function activateBackend(
  capabilities: Capabilities,
  { forceBackend, gpuLost, wasmUrl }: ActivateOptions,
  clock: Clock,
  config: VisionConfig = VISION,
): Promise<ActiveBackend> {
  tf.enableProdMode();
  let choice = demand(chooseBackend(capabilities, { force: forceBackend, gpuLost }));
  if (choice.kind === 'webgpu')
    choice = demand(await tryWebGpu(choice, forceBackend === 'webgpu', capabilities, clock, config));
  if (choice.kind === 'webgpu') return { ...choice, lost: gpuLoss() };
  await activateWasm(wasmUrl);
  return { ...choice, lost: new Promise(() => {}) };
}

/**
 * One thread: tfjs' threaded binary was seen to report a single thread even when cross-origin isolated, and it would need
 * workers made of blobs, which our content security policy refuses.
 */
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
