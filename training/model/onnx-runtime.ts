import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fetchPackage } from '../backend/fetch.ts';
import { findPackage } from '../backend/optional-package.ts';

/** Version of onnxruntime-web that models are run and timed with. */
export const ONNXRUNTIME = '1.30.0';

/** What is used of onnxruntime-web, which is no dependency: 140 MB that only the benchmark and one test need. */
interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads: number } };
  readonly InferenceSession: {
    create(model: Uint8Array, options: { executionProviders: string[] }): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: readonly number[]) => object;
}

interface OnnxSession {
  run(feeds: Record<string, object>): Promise<Record<string, { data: Float32Array }>>;
}

/**
 * onnxruntime-web for Node, on WASM with one thread; fetched from npm where it is not installed.
 *
 * @throws Error where it cannot be fetched
 */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  if (!findPackage('onnxruntime-common')) fetchPackage('onnxruntime-common', ONNXRUNTIME);
  const folder = findPackage('onnxruntime-web') ?? fetchPackage('onnxruntime-web', ONNXRUNTIME);
  const file = pathToFileURL(join(folder, 'dist/ort.node.min.mjs')).href;
  const ort = (await import(file)) as OnnxRuntime;
  ort.env.wasm.numThreads = 1;
  return ort;
}
