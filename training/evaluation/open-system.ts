import type { WeightType } from '@rounz/core/model/weight-file.ts';
import type { Outfit } from '../augment/config.ts';
import type { BackendName } from '../backend/ladder.ts';
import { loadModelSystem, plainSystem, type System } from './model-recogniser.ts';
import { numberFormatSystem, unroundedModel, unroundedRun } from './number-formats.ts';
import { loadPeer, type PeerName } from './peers.ts';

/** What is measured: exactly one of `model`, `run` and `peer`. */
export interface SystemChoice {
  /** folders of exported models; several are an ensemble */
  readonly model?: readonly string[] | undefined;
  /** folder of a run, before any rounding; goes with `types` */
  readonly run?: string | undefined;
  readonly peer?: PeerName | undefined;
  /** number formats that one model is rounded to */
  readonly types?: readonly WeightType[] | undefined;
  /** accessories to draw on each face */
  readonly outfits: readonly Outfit[];
  /** goes with `model` */
  readonly backend?: BackendName | undefined;
}

/** @throws Error that names the option of `evaluate` that is missing or goes with another one */
export async function openSystem({
  model,
  run,
  peer,
  types,
  outfits,
  backend,
}: SystemChoice): Promise<System> {
  if ([model, run, peer].filter((one) => one !== undefined).length !== 1)
    throw new Error('Say what to measure: one of --model DIR..., --run DIR with --dtypes, --peer NAME.');
  if (backend !== undefined && (model === undefined || types !== undefined))
    throw new Error('--backend goes with --model, without --dtypes: all else is measured on WASM.');
  if (types !== undefined) return openFormats(types, model, run);
  if (run !== undefined) throw new Error('--run goes with --dtypes; to measure a finished run, export it.');
  if (model !== undefined) return loadModelSystem(model, { outfits, backend });
  if (outfits.length > 0) throw new Error('Peers take whole pictures; nothing is drawn for them.');
  return plainSystem(await loadPeer(peer!));
}

async function openFormats(
  types: readonly WeightType[],
  model: readonly string[] = [],
  run: string | undefined,
): Promise<System> {
  if (run !== undefined) return numberFormatSystem(unroundedRun(run), types);
  const [folder, ...more] = model;
  if (!folder || more.length > 0)
    throw new Error('--dtypes measures one model, from --model DIR or --run DIR.');
  return numberFormatSystem(unroundedModel(folder), types);
}
