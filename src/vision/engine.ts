import { errorMessage } from '@rounz/core/error-message.ts';
import {
  type DetectorConfig,
  type FaceDetector,
  loadFaceDetector,
  VIDEO_DETECTOR,
} from '@rounz/core/face/detector.ts';
import { MESH_POINTS } from '@rounz/core/face/face.ts';
import { type FaceModel, loadEmbedder } from '@rounz/core/model/embedder.ts';
import type { Clock } from '@rounz/core/time/clock.ts';
import { fraction, imageBox, imagePoint } from '@rounz/core/units.ts';
import * as tf from '@tensorflow/tfjs-core';
import { type ActiveBackend, activateBackend } from './activate-backend.ts';
import { type Analyser, createAnalyser } from './analyser.ts';
import { probeCapabilities } from './capabilities.ts';
import { VISION } from './config.ts';
import { VisionError } from './errors.ts';
import { createFrameReader } from './frame-reader.ts';
import { loadModelFiles, type ModelFiles } from './model-files.ts';
import type { VisionEngine, VisionOptions, VisionProgress, VisionReady } from './protocol.ts';
import { replayGolden, selfTest } from './self-test.ts';

interface Networks {
  readonly detector: FaceDetector;
  readonly embedder: FaceModel;
}

interface Running extends Networks {
  readonly golden: unknown;
  readonly analyser: Analyser;
  readonly lost: Promise<never>;
}

type OnProgress = (progress: VisionProgress) => void;

/** Golden inputs tried at start: the first run compiles, the second shows that it stays right. */
const SELF_TEST_CASES = 2;

const corrupt = (what: string, cause: unknown): VisionError =>
  new VisionError(
    'model-corrupt',
    `${what} (${errorMessage(cause)}). Export or copy the model folder again.`,
    cause,
  );

async function loadNetworks(files: ModelFiles, config: DetectorConfig): Promise<Networks> {
  const read = async (name: string): Promise<ArrayBuffer> => {
    const file = files.detector.get(name);
    if (!file) throw new Error(`${name} is missing from the detector's folder`);
    return file;
  };
  const detector = await loadFaceDetector(read, config).catch((error: unknown) => {
    throw corrupt('The face detector cannot be loaded', error);
  });
  try {
    return { detector, embedder: loadEmbedder(files.manifest, files.weights, files.accessoryHead) };
  } catch (error) {
    detector.dispose();
    throw corrupt('The recogniser cannot be loaded', error);
  }
}

function disposeNetworks({ detector, embedder }: Networks): void {
  detector.dispose();
  embedder.dispose();
}

/** Runs every kernel of the detector once: blazeface on an empty picture, the mesh on an invented face. */
async function warmDetector(detector: FaceDetector): Promise<void> {
  const [width, height] = [640, 480];
  const image = { data: new Uint8ClampedArray(width * height * 4).fill(128), width, height };
  await detector.detect(image);
  const mesh = Float32Array.from({ length: MESH_POINTS * 3 }, (_, i) =>
    i % 3 === 0 ? 320 + 60 * Math.cos(i) : i % 3 === 1 ? 240 + 80 * Math.sin(i) : 0,
  );
  const point = imagePoint(320, 240);
  const invented = {
    box: imageBox(260, 160, 120, 160),
    boxScore: fraction(1),
    meshScore: fraction(1),
    mesh,
    points: [point, point, point, point, point] as const,
  };
  await detector.detect(image, { previous: [invented] });
}

/** Loads onto the active backend, warms up, and shows that the backend computes what the trainer computed. */
async function bringUp(files: ModelFiles, backend: ActiveBackend, onProgress: OnProgress): Promise<Networks> {
  onProgress({ stage: 'warm-up', done: 0, total: 2 });
  const networks = await loadNetworks(files, VIDEO_DETECTOR);
  try {
    await Promise.race([warmDetector(networks.detector), backend.lost]);
    onProgress({ stage: 'warm-up', done: 1, total: 2 });
    const result = await Promise.race([
      selfTest(networks.embedder, files.golden, SELF_TEST_CASES),
      backend.lost,
    ]);
    if (result.kind === 'failed')
      throw new VisionError(
        backend.kind === 'webgpu' ? 'gpu-lost' : 'model-corrupt',
        `The ${backend.kind} backend computes other embeddings than the trainer did (off by ${result.worst.toFixed(4)}, ` +
          `allowed ${result.tolerance}): people would be confused. Update the browser or copy the model folder again.`,
      );
    onProgress({ stage: 'warm-up', done: 2, total: 2 });
    return networks;
  } catch (error) {
    disposeNetworks(networks);
    throw error;
  }
}

async function startBackend(
  options: VisionOptions,
  clock: Clock,
  onProgress: OnProgress,
): Promise<{ backend: ActiveBackend; files: ModelFiles; networks: Networks }> {
  onProgress({ stage: 'probe', done: 0, total: 1 });
  const capabilities = await probeCapabilities();
  const backend = await activateBackend(capabilities, options, clock);
  onProgress({ stage: 'probe', done: 1, total: 1 });
  const files = await loadModelFiles(options, onProgress);
  try {
    return { backend, files, networks: await bringUp(files, backend, onProgress) };
  } catch (error) {
    // If the GPU fails at start, the kiosk runs on WASM.
    if (backend.kind !== 'webgpu' || options.forceBackend === 'webgpu') throw error;
    tf.removeBackend('webgpu');
    const gpuLost = errorMessage(error);
    const fallback = await activateBackend(capabilities, { ...options, gpuLost }, clock);
    return { backend: fallback, files, networks: await bringUp(files, fallback, onProgress) };
  }
}

/** The engine itself, as it runs in the worker. */
export function createEngine(clock: Clock): VisionEngine {
  const readFrame = createFrameReader();
  let running: Running | null = null;
  let busy = false;

  function stop(): void {
    if (running) disposeNetworks(running);
    running = null;
  }

  async function exclusively<T>(work: () => Promise<T>): Promise<T> {
    if (busy)
      throw new VisionError('busy', 'The vision engine is still at work; wait for its answer and ask again.');
    busy = true;
    try {
      return await work();
    } finally {
      busy = false;
    }
  }

  return {
    start: (options, onProgress) =>
      exclusively(async (): Promise<VisionReady> => {
        stop();
        const { backend, files, networks } = await startBackend(options, clock, onProgress);
        const analyser = createAnalyser({ ...networks, config: VISION, now: clock.now });
        running = { ...networks, analyser, golden: files.golden, lost: backend.lost };
        const { name, version, modelHash, calibration, impostors } = files.manifest;
        return {
          backend: backend.kind,
          backendReason: backend.reason,
          modelName: name,
          modelVersion: version,
          modelHash,
          calibration,
          impostors,
        };
      }),
    async analyse(frame, options) {
      try {
        return await exclusively(async () => {
          if (!running)
            throw new VisionError('internal', 'The vision engine has not been started. Start it first.');
          const image = readFrame(frame);
          frame.close();
          return Promise.race([running.analyser.analyse(image, options), running.lost]);
        });
      } finally {
        // Closing twice is harmless; a frame that is never closed stalls the camera.
        frame.close();
      }
    },
    async memory() {
      const { numTensors, numBytes } = tf.memory();
      return { tensors: numTensors, bytes: numBytes };
    },
    async selfTest() {
      // A frame may be in work: the replay waits for its end, and frames that come meanwhile are refused as busy.
      while (busy) await new Promise<void>((resolve) => clock.after(5, resolve));
      return exclusively(async () => {
        if (!running)
          throw new VisionError('internal', 'The vision engine has not been started. Start it first.');
        return replayGolden(running.embedder, running.golden);
      });
    },
    async dispose() {
      stop();
    },
  };
}
