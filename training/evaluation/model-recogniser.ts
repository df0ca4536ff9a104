import { loadNodeDetector, useWasmBackend } from '../data/detector-models.ts';
import { openEmbedder } from '../model-folder.ts';
import { createRecogniser, type Recogniser } from './recogniser.ts';

/** An exported model behind the kiosk's detector, on the backend that kiosks without a GPU use. */
export async function loadModelRecogniser(folder: string): Promise<Recogniser> {
  await useWasmBackend();
  const { manifest, embedder } = openEmbedder(folder);
  const name = `${manifest.name} ${manifest.version} (${manifest.modelHash.slice(0, 8)})`;
  return createRecogniser(name, await loadNodeDetector(), embedder);
}
