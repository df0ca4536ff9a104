import { errorMessage } from '@rounz/core/error-message.ts';
import type { FaceDetector } from '@rounz/core/face/detector.ts';
import { PLAIN } from '@rounz/core/model/backend-race.ts';
import type { FaceModel } from '@rounz/core/model/embedder.ts';
import type { Clock } from '@rounz/core/time/clock.ts';
import * as tf from '@tensorflow/tfjs-core';
import { activateBackend } from './activate-backend.ts';
import { type Analyser, type AnalyserParts, createAnalyser } from './analyser.ts';
import { bringUpDetector, bringUpRecogniser, type Recogniser } from './bring-up.ts';
import { type Capabilities, probeCapabilities } from './capabilities.ts';
import { VISION } from './config.ts';
import type { Ending } from './ending.ts';
import { VisionError, visionError } from './errors.ts';
import { createFrameReader } from './frame-reader.ts';
import { loadDetectorFiles, loadRecogniserFiles, type RecogniserFiles } from './model-files.ts';
import { createPassiveCheck } from './passive.ts';
import type { VisionOptions, VisionPart, VisionProgress, VisionReady, VisionWorker } from './protocol.ts';
import { replayGolden } from './self-test.ts';

/** What a worker runs; a half lacks the other half's. */
interface Running {
  readonly detector: FaceDetector | null;
  readonly analyser: Analyser | null;
  readonly embedder: FaceModel | null;
  readonly golden: unknown;
  readonly lost: Ending;
}

type OnProgress = (progress: VisionProgress) => void;

/** Detects beside a worker that embeds: on WASM, which leaves the GPU to the embedder, and on one thread: its networks are small. */
async function startDetector(
  { detectorUrl, wasmUrl }: VisionOptions,
  onProgress: OnProgress,
): Promise<Pick<Running, 'lost'> & { readonly detector: FaceDetector }> {
  const files = loadDetectorFiles(detectorUrl, onProgress);
  // Whichever of the two fails first is told; the other must not be an unhandled rejection.
  files.catch(() => {});
  const { lost } = await activateBackend(PLAIN, wasmUrl);
  const detector = await bringUpDetector(await files);
  return { detector, lost };
}

/** The recogniser; where the GPU fails at the start, on WASM. */
async function startRecogniser(
  files: RecogniserFiles,
  capabilities: Capabilities,
  options: VisionOptions,
  clock: Clock,
): Promise<Recogniser> {
  try {
    return await bringUpRecogniser(files, capabilities, options, clock);
  } catch (error) {
    const { code } = visionError(error);
    if (code !== 'gpu-lost' || options.forceBackend === 'webgpu') throw error;
    tf.removeBackend('webgpu');
    return bringUpRecogniser(files, capabilities, { ...options, gpuLost: errorMessage(error) }, clock);
  }
}

function readyOf({ manifest }: RecogniserFiles, { backend, reason, race }: Recogniser) {
  const { name, version, modelHash, calibration, impostors } = manifest;
  return {
    backend: backend.kind,
    backendReason: reason,
    modelName: name,
    modelVersion: version,
    modelHash,
    calibration,
    impostors,
    ...(race ? { race } : {}),
  };
}

/** The engine itself, as it runs in a worker. */
export function createEngine(clock: Clock): VisionWorker {
  const readFrame = createFrameReader();
  const passive = createPassiveCheck(clock);
  let running: Running | null = null;
  let busy = false;

  function stop(): void {
    running?.detector?.dispose();
    running?.embedder?.dispose();
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

  /** A part of what runs here. @throws VisionError `internal` where it was not started */
  function started<Part extends 'analyser' | 'embedder'>(part: Part): NonNullable<Running[Part]> {
    const found = running?.[part];
    if (!found) throw new VisionError('internal', 'The vision engine has not been started. Start it first.');
    return found;
  }

  const analyserOf = (detector: FaceDetector, embedder: AnalyserParts['embedder']): Analyser =>
    createAnalyser({ detector, embedder, passive: passive.model, config: VISION, now: clock.now });

  async function start(
    options: VisionOptions & { readonly part: VisionPart },
    onProgress: OnProgress,
  ): Promise<Omit<VisionReady, 'workers'> | null> {
    stop();
    if (options.part === 'detector') {
      const { detector, lost } = await startDetector(options, onProgress);
      running = { detector, analyser: analyserOf(detector, null), embedder: null, golden: null, lost };
      await passive.use(options.passiveUrl ?? null);
      return null;
    }
    onProgress({ stage: 'probe', done: 0, total: 1 });
    const capabilities = await probeCapabilities();
    onProgress({ stage: 'probe', done: 1, total: 1 });
    const whole = options.part === 'whole';
    const [files, detectorFiles] = await Promise.all([
      loadRecogniserFiles(options.modelUrl, onProgress),
      whole ? loadDetectorFiles(options.detectorUrl, () => {}) : null,
    ]);
    onProgress({ stage: 'warm-up', done: 0, total: 2 });
    const recogniser = await startRecogniser(files, capabilities, options, clock);
    onProgress({ stage: 'warm-up', done: 1, total: 2 });
    const { embedder, backend } = recogniser;
    const { lost } = backend;
    running = { detector: null, analyser: null, embedder, golden: files.golden, lost };
    if (detectorFiles) {
      const detector = await lost.during(bringUpDetector(detectorFiles));
      running = { ...running, detector, analyser: analyserOf(detector, embedder) };
      await passive.use(options.passiveUrl ?? null);
    }
    onProgress({ stage: 'warm-up', done: 2, total: 2 });
    return readyOf(files, recogniser);
  }

  /** Work between two frames. A frame may be in work: this waits for its end, and frames that come meanwhile are refused as busy. */
  async function between<T>(work: () => Promise<T>): Promise<T> {
    while (busy) await new Promise<void>((resolve) => clock.after(5, resolve));
    return exclusively(work);
  }

  return {
    start: (options, onProgress) => exclusively(() => start(options, onProgress)),
    async analyse(frame, options) {
      try {
        return await exclusively(async () => {
          const analyser = started('analyser');
          const image = readFrame(frame);
          frame.close();
          return running!.lost.during(analyser.analyse(image, options));
        });
      } finally {
        // Closing twice is harmless; a frame that is never closed stalls the camera.
        frame.close();
      }
    },
    embed: (crop, role) =>
      exclusively(async () => {
        const embedder = started('embedder');
        const from = clock.now();
        const [seen] = await running!.lost.during(embedder.see([crop], role));
        return { ...seen!, took: clock.now() - from };
      }),
    async memory() {
      const { numTensors, numBytes } = tf.memory();
      return { tensors: numTensors, bytes: numBytes };
    },
    selfTest: () => between(() => replayGolden(started('embedder'), running!.golden)),
    setPassive: (folder) => between(() => passive.use(folder)),
  };
}
