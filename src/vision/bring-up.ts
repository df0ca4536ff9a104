import { errorMessage } from '@rounz/core/error-message.ts';
import { type FaceDetector, loadFaceDetector, VIDEO_DETECTOR } from '@rounz/core/face/detector.ts';
import { MESH_POINTS } from '@rounz/core/face/face.ts';
import { type BackendRace, inferenceOf, type Lane, sameLane } from '@rounz/core/model/backend-race.ts';
import { type FaceModel, loadEmbedder } from '@rounz/core/model/embedder.ts';
import type { Clock } from '@rounz/core/time/clock.ts';
import { fraction, imageBox, imagePoint } from '@rounz/core/units.ts';
import { type ActiveBackend, activateBackend, dropOthers } from './activate-backend.ts';
import type { Capabilities } from './capabilities.ts';
import { chooseBackend, lanesOf, nameOf, whyOneThread } from './choose-backend.ts';
import { VISION } from './config.ts';
import { VisionError } from './errors.ts';
import type { RecogniserFiles } from './model-files.ts';
import type { VisionOptions } from './protocol.ts';
import { type Contestant, raceLanes } from './race.ts';
import { goldenCrop, selfTest } from './self-test.ts';

/** Golden inputs tried at start: the first run compiles, the second shows that it stays right. */
const SELF_TEST_CASES = 2;

const corrupt = (what: string, cause: unknown): VisionError =>
  new VisionError(
    'model-corrupt',
    `${what} (${errorMessage(cause)}). Export or copy the model folder again.`,
    cause,
  );

/** The recogniser on the backend that runs it. */
export interface Recogniser {
  readonly embedder: FaceModel;
  readonly backend: ActiveBackend;
  /** one sentence for the staff's health view */
  readonly reason: string;
  readonly race?: BackendRace;
}

/** A backend with the recogniser on it. */
interface Loaded extends Contestant {
  readonly embedder: FaceModel;
  readonly backend: ActiveBackend;
}

/** Loads onto a backend and shows that it computes what the trainer computed; this compiles every kernel, too. */
async function enter(lane: Lane, files: RecogniserFiles, wasmUrl: string): Promise<Loaded> {
  const backend = await activateBackend(lane, wasmUrl);
  let embedder: FaceModel;
  try {
    embedder = loadEmbedder(files.manifest, files.weights, files.accessoryHead, inferenceOf(lane));
  } catch (error) {
    throw corrupt('The recogniser cannot be loaded', error);
  }
  try {
    const result = await backend.lost.during(selfTest(embedder, files.golden, SELF_TEST_CASES));
    if (result.kind === 'failed')
      throw new VisionError(
        lane.backend === 'webgpu' ? 'gpu-lost' : 'model-corrupt',
        `${wordsOf(lane)} computes other embeddings than the trainer did (off by ${result.worst.toFixed(4)}, ` +
          `allowed ${result.tolerance}): people would be confused. Update the browser or copy the model folder again.`,
      );
  } catch (error) {
    embedder.dispose();
    throw error;
  }
  const crop = goldenCrop(files.golden);
  return {
    embedder,
    backend,
    embed: () => backend.lost.during(embedder.see([crop], 'probe')),
    dispose: () => embedder.dispose(),
  };
}

const wordsOf = ({ backend, threads }: Lane): string =>
  backend === 'webgpu' ? 'WebGPU' : threads === 1 ? 'WASM on one thread' : `WASM on ${threads} threads`;

/** Why a race's winner runs and what was out of the race; the times stand beside it. */
function verdictOf({ winner, times, gpu }: BackendRace): string {
  const out = times.flatMap(({ why, ...lane }) => (why ? [` ${wordsOf(lane)} was out: ${why}`] : []));
  const on = gpu ? ` (${gpu})` : '';
  return `${wordsOf(winner)} won on the real network${on}.${out.join('')}`;
}

/**
 * Brings the recogniser up on the fastest of the ways that there are here. Where the last race had the same subject its winner
 * is taken; where that fails now, they are raced again.
 *
 * @throws VisionError
 */
export async function bringUpRecogniser(
  files: RecogniserFiles,
  capabilities: Capabilities,
  { forceBackend, gpuLost, wasmUrl, program = '', raced }: VisionOptions,
  clock: Clock,
): Promise<Recogniser> {
  const choice = chooseBackend(capabilities, { force: forceBackend, gpuLost });
  if (choice.kind === 'none') throw new VisionError('backend-unavailable', choice.reason);
  const enterOne = (lane: Lane) => enter(lane, files, wasmUrl);
  const all = lanesOf(choice.kind, capabilities);
  const lanes = forceBackend ? all.filter(({ backend }) => backend === choice.kind) : all;
  const [only, another] = lanes;
  if (only && !another && (forceBackend || choice.kind === 'wasm')) {
    const one = choice.kind === 'wasm' ? ` One thread: ${whyOneThread(capabilities)}.` : '';
    return { ...(await enterOne(only)), reason: choice.reason + one };
  }
  const gpu =
    choice.kind === 'webgpu' && typeof capabilities.gpu !== 'string' ? nameOf(capabilities.gpu) : '';
  const because = choice.kind === 'webgpu' ? '' : `${choice.reason} `;
  const { modelHash } = files.manifest;
  const same = raced?.modelHash === modelHash && raced.gpu === gpu && raced.program === program;
  const known = same && lanes.some((lane) => sameLane(lane, raced.winner)) ? raced : null;
  const before = known && (await enterOne(known.winner).catch(() => null));
  if (known && before) return { ...before, reason: because + verdictOf(known), race: known };
  const { winner, lane, times } = await raceLanes(lanes, enterOne, VISION, clock);
  dropOthers(lane);
  const race: BackendRace = { modelHash, gpu, program, winner: lane, times: [...times] };
  return { ...winner, reason: because + verdictOf(race), race };
}

/**
 * Loads the detector onto the active backend and runs every kernel of it once: blazeface on an empty picture, the mesh on an
 * invented face.
 *
 * @throws VisionError `model-corrupt`
 */
export async function bringUpDetector(files: ReadonlyMap<string, ArrayBuffer>): Promise<FaceDetector> {
  const read = async (name: string): Promise<ArrayBuffer> => {
    const file = files.get(name);
    if (!file) throw new Error(`${name} is missing from the detector's folder`);
    return file;
  };
  const detector = await loadFaceDetector(read, VIDEO_DETECTOR).catch((error: unknown) => {
    throw corrupt('The face detector cannot be loaded', error);
  });
  try {
    await warm(detector);
    return detector;
  } catch (error) {
    detector.dispose();
    throw error;
  }
}

async function warm(detector: FaceDetector): Promise<void> {
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
