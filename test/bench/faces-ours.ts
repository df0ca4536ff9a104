import { type FaceDetector, loadFaceDetector, VIDEO_DETECTOR } from '@rounz/core/face/detector.ts';
import type { AlignedCrop } from '@rounz/core/image.ts';
import { inferenceOf, PLAIN } from '@rounz/core/model/backend-race.ts';
import { type FaceModel, loadEmbedder } from '@rounz/core/model/embedder.ts';
import { activateBackend } from '../../src/vision/activate-backend.ts';
import { createAnalyser } from '../../src/vision/analyser.ts';
import { VISION } from '../../src/vision/config.ts';
import { createFrameReader } from '../../src/vision/frame-reader.ts';
import { loadDetectorFiles } from '../../src/vision/model-files.ts';
import { goldenCrop } from '../../src/vision/self-test.ts';
import { at, type Contestant, type Groups, type Listed, loadFiles } from './faces-peers.ts';

/** Runs in the browser: the kiosk's own pipeline. It has a frame of its own: in one realm a peer's tfjs would use our kernels. */

interface Ours {
  readonly name: string;
  readonly embedder: FaceModel;
  readonly crop: AlignedCrop;
}

async function loadOurs({ name, folder }: Listed): Promise<Ours> {
  const { manifest, weights, accessoryHead, golden } = await loadFiles(folder);
  return {
    name,
    embedder: loadEmbedder(manifest, weights, accessoryHead, inferenceOf(PLAIN)),
    crop: goldenCrop(golden),
  };
}

/** @param follow keeps what the frame before showed, as the kiosk does while somebody stands there */
function pipeline(
  detector: FaceDetector,
  { name, embedder }: Ours,
  canvas: HTMLCanvasElement,
  follow: boolean,
): Contestant {
  const readFrame = createFrameReader();
  const fresh = () => createAnalyser({ detector, embedder, config: VISION, now: () => performance.now() });
  let analyser = fresh();
  return {
    name,
    async run() {
      if (!follow) analyser = fresh();
      const { faces } = await analyser.analyse(readFrame(canvas as unknown as ImageBitmap), { embed: true });
      if (!faces[0]?.embedding) throw new Error(`${name} embedded no face of the rendered picture.`);
    },
  };
}

/** Contestants of each model: a face found anew, a followed face, and the embedder alone, which makes a template. */
export async function ourContestants(models: readonly Listed[], canvas: HTMLCanvasElement): Promise<Groups> {
  await activateBackend(PLAIN, at('wasm/'));
  const files = await loadDetectorFiles(at('detector/'), () => {});
  const detector = await loadFaceDetector(async (name) => files.get(name)!, VIDEO_DETECTOR);
  const ours: Ours[] = [];
  for (const model of models) ours.push(await loadOurs(model));
  return {
    found: ours.map((one) => pipeline(detector, one, canvas, false)),
    followed: ours.map((one) => pipeline(detector, one, canvas, true)),
    alone: ours.map(({ name, embedder, crop }) => ({
      name: `${name}, tfjs`,
      run: () => embedder.embed([crop], 'template'),
    })),
  };
}
