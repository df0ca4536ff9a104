import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { registerComposed } from './composed-kernels.ts';
import { findPackage } from './optional-package.ts';

/** What the npm package `webgpu` exports. */
interface Dawn {
  create(options: string[]): GPU;
  readonly globals: object;
}

/** Rasterisers that run on the processor, by what their adapters are called. */
const SOFTWARE = /llvmpipe|lavapipe|swiftshader|basic render|warp/i;

/** The Vulkan, Metal or Direct3D implementation of WebGPU; made once, for tfjs and the page's names are global. */
async function loadDawn(): Promise<GPU> {
  const folder = findPackage('webgpu');
  if (!folder) {
    throw new Error(
      'WebGPU for Node (Dawn) is not here: `npm run -w training backend -- webgpu` fetches it (130 MB)',
    );
  }
  const { create, globals } = (await import(pathToFileURL(join(folder, 'index.js')).href)) as Dawn;
  Object.assign(globalThis, globals);
  const gpu = create([]);
  // Node 20 has no navigator; later ones have it without `gpu`.
  if (!globalThis.navigator)
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true, writable: true });
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  return gpu;
}

let loading: Promise<GPU> | undefined;

/** @throws Error where there is no adapter, or where it computes on the processor and `software` does not allow it */
async function describeAdapter(gpu: GPU, software: boolean): Promise<string> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    throw new Error(
      'Dawn finds no adapter; it needs a GPU’s driver and the Vulkan loader (Debian: libvulkan1), Metal or Direct3D 12',
    );
  }
  const { vendor, architecture, device, description } = adapter.info;
  const name =
    [vendor, architecture, description || device].filter(Boolean).join(' ') || 'an unnamed adapter';
  if (!software && (adapter.info.isFallbackAdapter || SOFTWARE.test(name))) {
    throw new Error(
      `Dawn offers only ${name}, which computes on the processor: slower for training than every other backend here`,
    );
  }
  return name;
}

/**
 * Makes tfjs' WebGPU backend the backend, over Dawn. A result is there for `data()` alone: `dataSync()` wants a canvas.
 *
 * @param software take an adapter that computes on the processor too: right for checks, useless for training
 * @throws Error that says what is missing
 */
export async function useDawnBackend(software: boolean): Promise<string> {
  loading ??= loadDawn();
  const gpu = await loading.catch((error) => {
    loading = undefined;
    throw error;
  });
  const adapter = await describeAdapter(gpu, software);
  await import('@tensorflow/tfjs-backend-webgpu');
  // Its own filter gradient gives one thread a whole weight.
  registerComposed('webgpu', ['Conv2DBackpropFilter'], (a, b) => tf.matMul(a, b, true));
  tf.env().set('WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE', false);
  if (!(await tf.setBackend('webgpu'))) throw new Error('tfjs could not start its WebGPU backend');
  return `tfjs WebGPU ${tf.version.tfjs} on ${adapter}`;
}
