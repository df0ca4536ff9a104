import './no-eval.ts';
import { inferenceOf, type Lane } from '@rounz/core/model/backend-race.ts';
import { loadEmbedder } from '@rounz/core/model/embedder.ts';
import { goldenSchema } from '@rounz/core/model/golden.ts';
import { getThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { activateBackend } from '../../src/vision/activate-backend.ts';
import { probeCapabilities } from '../../src/vision/capabilities.ts';
import { loadRecogniserFiles } from '../../src/vision/model-files.ts';
import { countDispatches } from '../../src/vision/race.ts';
import { type SelfTest, selfTest } from '../../src/vision/self-test.ts';

/** What a replay in the browser found. */
export type BrowserReplay =
  | { readonly kind: 'no-adapter' }
  | {
      readonly kind: 'replayed';
      readonly test: SelfTest;
      readonly backend: string;
      /** as WASM itself counts them */
      readonly threads: number;
      readonly leaked: number;
      /** for each embedding; 0 where nothing ran on WebGPU */
      readonly dispatches: number;
    };

/**
 * The kiosk's own path from the files to the self-test, on one backend.
 *
 * @param cases golden inputs to try, at most
 */
async function replay(model: string, lane: Lane, cases: number): Promise<BrowserReplay> {
  const capabilities = await probeCapabilities();
  if (lane.backend === 'webgpu' && typeof capabilities.gpu === 'string') return { kind: 'no-adapter' };
  const at = (path: string) => new URL(path, document.baseURI).href;
  const files = await loadRecogniserFiles(at(`models/${model}/`), () => {});
  await activateBackend(lane, at('wasm/'));
  const before = tf.memory().numTensors;
  const embedder = loadEmbedder(files.manifest, files.weights, undefined, inferenceOf(lane));
  try {
    const tests: SelfTest[] = [];
    const counted = await countDispatches(async () => {
      tests.push(await selfTest(embedder, files.golden, cases));
    });
    const embeddings = Math.min(cases, goldenSchema.parse(files.golden).cases.length);
    const dispatches = (counted ?? 0) / embeddings;
    embedder.dispose();
    const leaked = tf.memory().numTensors - before;
    const threads = lane.backend === 'wasm' ? getThreadsCount() : 1;
    return { kind: 'replayed', test: tests[0]!, backend: tf.getBackend(), threads, leaked, dispatches };
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
