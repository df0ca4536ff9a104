import type { Calibrated } from '@rounz/core/match/impostors.ts';
import type { Embedder } from '@rounz/core/model/embedder.ts';
import type { Manifest } from '@rounz/core/model/manifest.ts';
import * as tf from '@tensorflow/tfjs';
import type { Outfit } from '../augment/config.ts';
import { type BackendName, chooseBackend } from '../backend/ladder.ts';
import { loadNodeDetector, useWasmBackend } from '../data/detector-models.ts';
import { openEmbedder } from '../model/model-folder.ts';
import { joinEmbedders } from './ensemble.ts';
import { createOutfitter } from './outfits.ts';
import { createCropRecogniser, createRecogniser, type Recogniser } from './recogniser.ts';

/** One reading of a recogniser's embeddings: the whole, or one model of several. */
export interface View {
  readonly name: string;
  readonly pick: (embedding: Float32Array) => Float32Array;
  /** thresholds that the model came with */
  readonly calibrated?: Calibrated;
}

/** A recogniser with everything that its embeddings can be measured as; the first view is the recogniser itself. */
export interface System {
  readonly recogniser: Recogniser;
  readonly views: readonly [View, ...View[]];
}

export interface Named {
  readonly name: string;
  readonly embedder: Embedder;
  readonly calibrated?: Calibrated;
}

export const nameOf = ({ name, version, modelHash }: Manifest): string =>
  `${name} ${version} (${modelHash.slice(0, 8)})`;

export interface SystemOptions {
  /** accessories to draw on each face */
  readonly outfits?: readonly Outfit[];
  /** the pictures are aligned crops: no detector */
  readonly cropped?: boolean;
  /** how the models together are called; without it only each of them is a view */
  readonly together?: string;
  /** what embeds, in float32; absent: WASM, as on a kiosk without a graphics device. The detector is on WASM */
  readonly backend?: BackendName | undefined;
}

/** What the models are called where several are measured together. */
export const ensembleName = (count: number): string => `ensemble of ${count}`;

/** Exported models; several are an ensemble. */
export async function loadModelSystem(
  folders: readonly string[],
  options: SystemOptions = {},
): Promise<System> {
  if (options.backend !== undefined) await chooseBackend(options.backend, { activations: 'float32' });
  else await useWasmBackend();
  const models = folders.map((folder) => {
    const { manifest, embedder } = openEmbedder(folder);
    return { name: nameOf(manifest), embedder: stayingOn(tf.getBackend(), embedder), calibrated: manifest };
  });
  await useWasmBackend();
  return systemOf(models, { together: ensembleName(models.length), ...options });
}

/** An embedder that computes on a backend and leaves the one that was in use before. Not for calls at the same time as others. */
function stayingOn(backend: string, embedder: Embedder): Embedder {
  return {
    async embed(crops, role) {
      const before = tf.getBackend();
      await tf.setBackend(backend);
      try {
        return await embedder.embed(crops, role);
      } finally {
        await tf.setBackend(before);
      }
    },
    dispose: () => embedder.dispose(),
  };
}

/** Models behind one detector, or behind none where the pictures are crops. They are owned by the system from now on. */
export async function systemOf(
  models: readonly Named[],
  { outfits = [], cropped = false, together }: SystemOptions,
): Promise<System> {
  const joint = joinEmbedders(models.map(({ embedder }) => embedder));
  const parts = models.map(({ name, calibrated = { calibration: [] } }, index) => ({
    name,
    calibrated,
    pick: (embedding: Float32Array) => joint.part(embedding, index),
  }));
  const whole = { name: together ?? '', pick: (embedding: Float32Array) => embedding };
  const views = models.length > 1 && together !== undefined ? [whole, ...parts] : parts;
  const name = views[0]!.name;
  const recogniser = cropped
    ? createCropRecogniser(name, joint, 112)
    : createRecogniser(
        name,
        await loadNodeDetector(),
        joint,
        outfits.length > 0 ? createOutfitter(outfits) : undefined,
      );
  return { recogniser, views: views as [View, ...View[]] };
}

/** A system with one reading: a peer. */
export const plainSystem = (recogniser: Recogniser): System => ({
  recogniser,
  views: [{ name: recogniser.name, pick: (embedding) => embedding }],
});

/** One exported model behind the kiosk's detector. */
export const loadModelRecogniser = async (folder: string): Promise<Recogniser> =>
  (await loadModelSystem([folder])).recogniser;
