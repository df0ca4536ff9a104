import './no-eval.ts';
import { loadEmbedder } from '@rounz/core/model/embedder.ts';
import * as tf from '@tensorflow/tfjs-core';
import { activateBackend } from '../../src/vision/activate-backend.ts';
import { probeCapabilities } from '../../src/vision/capabilities.ts';
import { loadRecogniserFiles } from '../../src/vision/model-files.ts';
import type { VisionBackend } from '../../src/vision/protocol.ts';
import { type SelfTest, selfTest } from '../../src/vision/self-test.ts';

/** What a replay in the browser found. */
export type BrowserReplay =
  | { readonly kind: 'no-adapter' }
  | { readonly kind: 'replayed'; readonly test: SelfTest; readonly backend: string; readonly leaked: number };

/**
 * The kiosk's own path from the files to the self-test, on one backend.
 *
 * @param cases golden inputs to try, at most
 */
async function replay(model: string, backend: VisionBackend, cases: number): Promise<BrowserReplay> {
  const capabilities = await probeCapabilities();
  if (backend === 'webgpu' && typeof capabilities.gpu === 'string') return { kind: 'no-adapter' };
  const at = (path: string) => new URL(path, document.baseURI).href;
  const files = await loadRecogniserFiles(at(`models/${model}/`), () => {});
  await activateBackend(backend, at('wasm/'));
  const before = tf.memory().numTensors;
  const embedder = loadEmbedder(files.manifest, files.weights);
  try {
    const test = await selfTest(embedder, files.golden, cases);
    embedder.dispose();
    return { kind: 'replayed', test, backend: tf.getBackend(), leaked: tf.memory().numTensors - before };
  } finally {
    tf.disposeVariables();
  }
}

declare global {
  interface Window {
    replayGolden: typeof replay;
  }
}

window.replayGolden = replay;
