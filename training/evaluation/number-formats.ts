import { dot } from '@rounz/core/math/vector.ts';
import { planNetwork } from '@rounz/core/model/architecture.ts';
import { loadEmbedder } from '@rounz/core/model/embedder.ts';
import { foldWeights } from '@rounz/core/model/inference-form.ts';
import type { Manifest } from '@rounz/core/model/manifest.ts';
import { packWeights, unpackWeights, type WeightType } from '@rounz/core/model/weight-file.ts';
import type { HostWeights } from '@rounz/core/model/weights.ts';
import { useWasmBackend } from '../data/detector-models.ts';
import { inputOf } from '../model/export.ts';
import { readModelFolder } from '../model/model-folder.ts';
import { loadCheckpoint } from '../run/checkpoint.ts';
import { type Captures, embeddingsOf } from './collect.ts';
import { differenceOf, FIGURE_NAMES, type FigureConfig, type FigureName } from './figures.ts';
import { type Named, nameOf, type System, systemOf, type View } from './model-recogniser.ts';
import { alignColumns, formatFigure } from './report.ts';
import type { Trials } from './trials.ts';

/** Folded weights before they are rounded, with what an embedder needs to know of them. */
export interface Unrounded {
  readonly name: string;
  readonly architecture: Manifest['architecture'];
  readonly input: Manifest['input'];
  readonly weights: HostWeights;
}

/** The averaged weights of a run, as `export` would fold them. */
export function unroundedRun(runFolder: string): Unrounded {
  const { config, groups, imagesSeen } = loadCheckpoint(`${runFolder}/checkpoint`);
  const averaged = groups['averaged'];
  if (!averaged) throw new Error(`${runFolder} holds a checkpoint without weights; train it first.`);
  const { architecture } = config;
  const weights = foldWeights(planNetwork(architecture), averaged);
  return { name: `${config.name} after ${imagesSeen} images`, architecture, input: inputOf(config), weights };
}

/** The weights of an exported model as they are: rounding them to what they are stored in changes nothing. */
export function unroundedModel(folder: string): Unrounded {
  const { manifest, weights } = readModelFolder(folder);
  const { architecture, input, tensors } = manifest;
  return { name: nameOf(manifest), architecture, input, weights: unpackWeights(tensors, weights) };
}

/** A model with its weights rounded to a number format, on the current backend. */
export function embedderOf({ name, architecture, input, weights }: Unrounded, type: WeightType): Named {
  const { bytes, tensors } = packWeights(weights, type);
  const embedder = loadEmbedder({ architecture, input, tensors }, bytes.buffer as ArrayBuffer);
  return { name: `${name}, ${type}, ${(bytes.length / 1e6).toFixed(1)} MB`, embedder };
}

/** One model in several number formats behind one detector, the first of them the reference; each format is a view. */
export async function numberFormatSystem(model: Unrounded, types: readonly WeightType[]): Promise<System> {
  await useWasmBackend();
  return systemOf(
    types.map((type) => embedderOf(model, type)),
    {},
  );
}

/** How near a format's embeddings are to the first format's: the mean and the lowest cosine over the pictures. */
export function agreement(captures: Captures, reference: View, view: View): { mean: number; lowest: number } {
  const [wanted, got] = [embeddingsOf(captures, reference.pick), embeddingsOf(captures, view.pick)];
  const cosines = [...wanted].flatMap(([path, embedding]) => {
    const other = got.get(path);
    return embedding && other ? [dot(embedding, other)] : [];
  });
  const lowest = cosines.reduce((low, cosine) => Math.min(low, cosine), 1);
  return { mean: cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length, lowest };
}

const SHOWN: readonly FigureName[] = ['f1', 'tarAtFmr1e2', 'tarAtFmr1e3', 'eer', 'rank1', 'fnirAtFpir1e2'];

/**
 * What each format costs: its figures less the first format's, on the same pictures and the same draws of people, so that
 * the interval is that of the difference.
 */
export function formatLosses(
  captures: Captures,
  views: readonly View[],
  trialsOf: (view: View) => Trials,
  config: FigureConfig,
): string {
  const [reference, ...others] = views;
  const base = trialsOf(reference!);
  const shown = FIGURE_NAMES.filter((name) => SHOWN.includes(name));
  const rows = others.map((view) => {
    const difference = differenceOf(trialsOf(view), base, config);
    const { mean, lowest } = agreement(captures, reference!, view);
    return [
      view.name,
      mean.toFixed(6),
      lowest.toFixed(6),
      ...shown.map((name) => formatFigure(difference, name)),
    ];
  });
  return [
    `Less ${reference!.name}, in brackets the 95 % interval of the difference:`,
    ...alignColumns([['', 'mean cosine', 'lowest', ...shown], ...rows]),
    '',
  ].join('\n');
}
