import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fetchPackage } from '../backend/fetch.ts';
import { findPackage } from '../backend/optional-package.ts';

/** Version of onnxruntime-web that models are run and timed with. */
export const ONNXRUNTIME = '1.30.0';

/** What is used of onnxruntime-web, which is no dependency: 140 MB that the benchmark, one test and one teacher need. */
interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads: number } };
  readonly InferenceSession: {
    create(
      model: Uint8Array,
      options: { executionProviders: string[]; logSeverityLevel?: 0 | 1 | 2 | 3 | 4 },
    ): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: readonly number[]) => object;
}

interface OnnxSession {
  run(feeds: Record<string, object>): Promise<Record<string, { data: Float32Array }>>;
}

/**
 * onnxruntime-web for Node, on WASM; fetched from npm where it is not installed.
 *
 * @param options threads of a session that is made after this; one unless given, so that times compare
 * @throws Error where it cannot be fetched
 */
export async function loadOnnxRuntime({ threads = 1 } = {}): Promise<OnnxRuntime> {
  if (!findPackage('onnxruntime-common')) fetchPackage('onnxruntime-common', ONNXRUNTIME);
  const folder = findPackage('onnxruntime-web') ?? fetchPackage('onnxruntime-web', ONNXRUNTIME);
  const file = pathToFileURL(join(folder, 'dist/ort.node.min.mjs')).href;
  const ort = (await import(file)) as OnnxRuntime;
  ort.env.wasm.numThreads = threads;
  return ort;
}
